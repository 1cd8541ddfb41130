"""The demo plays to its end, in both languages, and under valgrind without a finding of ours."""

import re
import sys

import pytest

from latchkey_testing import places, sanitizers

PLAYER = places.ROOT / "data/demo/play.py"


def play(language: str, **environment: str) -> str:
    """Plays the story once and returns what it told."""
    told = places.run(sys.executable, str(PLAYER), "--once", timeout=280, env=places.environment(
        LANGUAGE=language, PYTHONPATH=str(places.ROOT / "tests/integration"), LATCHKEY_BUILD=str(places.BUILD),
        **environment))
    return told.stdout


def is_hangul(text: str) -> bool:
    """Whether a syllable of Korean stands in TEXT."""
    return re.search("[가-힣]", text) is not None


@pytest.mark.parametrize("language, sentence", [
    ("en", "The old password no longer works."),
    ("ko", "예전 암호로는 더 이상 로그인할 수 없습니다."),
])
def test_it_tells_the_whole_story(language, sentence):
    story = play(language)
    assert sentence in story
    assert "nobody.at.all" in story  # the last scene
    subjects = [line for line in story.splitlines() if "Subject: " in line]
    assert len(subjects) >= 4
    assert all(is_hangul(subject) == (language == "ko") for subject in subjects)


def test_under_valgrind():
    watched = {} if sanitizers.NAMES else {"LATCHKEY_VALGRIND": "1"}  # a build with sanitizers is watched as it is
    assert "nobody.at.all" in play("en", **watched)
