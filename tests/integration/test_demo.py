"""The demo plays to its end, in both languages, and under valgrind without a finding of ours."""

import sys

import pytest

from latchkey_testing import places

PLAYER = places.ROOT / "data/demo/play.py"


def play(language: str, **environment: str) -> str:
    """Plays the story once and returns what it told."""
    told = places.run(sys.executable, str(PLAYER), "--once", timeout=280, env=places.environment(
        LANGUAGE=language, PYTHONPATH=str(places.ROOT / "tests/integration"), LATCHKEY_BUILD=str(places.BUILD),
        **environment))
    return told.stdout


@pytest.mark.parametrize("language, sentence, mail", [
    ("en", "The old password no longer works.", "Subject: Your code to get back into your account"),
    ("ko", "예전 암호로는 더 이상 로그인할 수 없습니다.", "Subject: 계정으로 돌아가기 위한 확인 코드(인증번호)"),
])
def test_it_tells_the_whole_story(language, sentence, mail):
    story = play(language)
    assert sentence in story
    assert mail in story
    assert "nobody.at.all" in story  # the last scene


def test_under_valgrind():
    assert "nobody.at.all" in play("en", LATCHKEY_VALGRIND="1")
