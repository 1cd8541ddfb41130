"""The web pages in a real browser, with scripts switched off: the same ways back in, in Korean and in English, on a phone and on a
desk, by keyboard alone, in the dark; nothing is cut off, everything has a name, and what is read has contrast."""

import base64
import contextlib
import os
from pathlib import Path

import pytest

from latchkey_testing import enrolment, mails, organization, recovery
from latchkey_testing.browser import Browser
from latchkey_testing.organization import KIM, password_of, sign_in
from latchkey_testing.waiting import wait_for
from latchkey_testing.web import IDENTITY, Web

NEW = "Kims-Own-Choice-1"
WORDS = {
    "en": {"start": "Can’t access your account?", "code": "Enter your code", "done": "Your password was changed.",
           "kept": "You can sign in again", "wrong": "This was not accepted.", "other": "ko"},
    "ko": {"start": "계정에 액세스할 수 없나요?", "code": "확인 코드 입력", "done": "암호를 변경했습니다.",
           "kept": "지금", "wrong": "받아들이지 않았습니다.", "other": "en"},
}
SCREENS = [("en", 360), ("en", 1280), ("ko", 360), ("ko", 1280)]
TAB, ENTER = "\ue004", "\ue007"


@contextlib.contextmanager
def served(slapd, tmp_path):
    """Pages for SLAPD that a browser reaches directly."""
    help_lines = {"help_en": "The helpdesk is at extension 1234.", "help_ko": "도움이 필요하면 내선 1234번(전산팀)으로 문의하십시오.",
                  "password_rules_en": "At least eight characters.", "password_rules_ko": "여덟 글자 이상입니다."}
    web = Web(slapd, tmp_path, pages=help_lines, site={"sign_in": "https://portal.example.org/"}).reach_directly().start()
    try:
        yield web
    finally:
        web.stop()


@pytest.fixture
def pages(start, tmp_path):
    """Pages for the people of the tests."""
    with served(start(latchkey={"olcLatchkeyPortalDN": [IDENTITY]}), tmp_path) as web:
        yield web


@pytest.fixture
def shots(tmp_path):
    """Where pictures go: LATCHKEY_SCREENSHOTS names a folder for those who want to look at them."""
    folder = Path(os.environ.get("LATCHKEY_SCREENSHOTS", tmp_path))
    folder.mkdir(exist_ok=True)
    return folder


def code_in_mail(web, mailer, asked: int) -> str:
    """The code of the mail that comes of the newest request."""
    wait_for(lambda: recovery.served(web.slapd) > asked)
    mailer.once()
    return mails.code_in(mails.to(mailer.mails(), "kim@example.net")[-1])


@pytest.mark.parametrize("language, width", SCREENS)
def test_the_way_back_in(pages, mailer, shots, language, width):
    words, name = WORDS[language], f"{language}-{width}"
    with Browser(width, language) as browser:
        def look(step: str) -> None:
            browser.screenshot(shots / f"{name}-{step}.png")
            assert browser.layout_width() <= width, f"{step} has to be scrolled sideways"

        browser.open(pages.here)
        browser.shows(words["start"], "h1")
        look("1-start")
        asked = recovery.served(pages.slapd)
        browser.fill("user", "kim")
        browser.press("main button.go")
        browser.shows(words["code"], "h1")
        browser.shows("kim")
        look("2-code")
        browser.fill("code", "K7QF-2M9X-4TRB")
        browser.press('[value="keep"]')
        browser.shows(words["wrong"], "[role=alert]")
        assert browser.title().startswith(("Error:", "오류:"))
        look("3-wrong")
        browser.fill("code", code_in_mail(pages, mailer, asked))
        browser.fill("new", NEW)
        browser.fill("repeated", NEW)
        browser.press('[value="new"]')
        browser.shows(words["done"])
        look("4-done")
        browser.open(pages.here + "change")
        look("5-change")
    assert pages.slapd.signs_in(KIM, NEW)


def ask_for_code(browser, web, language: str) -> int:
    """From the first page to that for the code; how many requests the directory had served before."""
    browser.open(web.here)
    asked = recovery.served(web.slapd)
    browser.fill("user", "kim")
    browser.press("main button.go")
    browser.shows(WORDS[language]["code"], "h1")
    return asked


@pytest.mark.parametrize("language, width", [("en", 1280), ("ko", 360)])
def test_a_locked_user_keeps_the_password(pages, mailer, shots, language, width):
    while pages.slapd.signs_in(KIM, password_of(KIM)):
        for _ in range(3):
            pages.slapd.signs_in(KIM, "is-it-this-one")
    with Browser(width, language) as browser:
        asked = ask_for_code(browser, pages, language)
        browser.fill("code", code_in_mail(pages, mailer, asked))
        browser.press('[value="keep"]')
        browser.shows(WORDS[language]["kept"], "[role=status]")
        browser.screenshot(shots / f"{language}-{width}-kept.png")
    assert pages.slapd.signs_in(KIM, password_of(KIM))


@pytest.mark.parametrize("language, width", [("en", 360), ("ko", 1280)])
def test_a_second_proof(start, tmp_path, mailer, shots, language, width):
    """Where the policy wants two, the page offers a field for it without scripts."""
    key = tmp_path / "key"
    key.write_text(base64.b64encode(os.urandom(32)).decode())
    key.chmod(0o600)
    slapd = start(entries=organization.entries(latchkeyMethod=["mail", "totp"], latchkeyMethodsRequired=["2"]),
                  latchkey={"olcLatchkeyPortalDN": [IDENTITY], "olcLatchkeyKeyFile": [str(key)]})
    secret = enrolment.enrol_totp(sign_in(slapd, KIM))
    with served(slapd, tmp_path) as web, Browser(width, language) as browser:
        asked = ask_for_code(browser, web, language)
        browser.fill("code", code_in_mail(web, mailer, asked))
        browser.press('[value="keep"]')
        browser.shows(WORDS[language]["wrong"], "[role=alert]")
        browser.press("details:has(input) summary")
        enrolment.wait_for_fresh_step()
        browser.fill("second", enrolment.value_of(secret))
        browser.screenshot(shots / f"{language}-{width}-second.png")
        browser.press('[value="keep"]')
        browser.shows(WORDS[language]["kept"], "[role=status]")


def test_by_keyboard_alone(pages, mailer):
    """Enter sends the form with its first button; Tab reaches everything, and everything has a name."""
    with Browser(1280, "en") as browser:
        browser.open(pages.here)
        browser.press("h1")
        heard = []
        for _ in range(12):
            browser.keys(TAB)
            heard.append(browser.focused())
            if heard[-1]["role"] == "textbox":
                break
        assert heard[-1]["name"] == "User name or mail address" and all(each["name"] for each in heard)
        asked = recovery.served(pages.slapd)
        browser.keys("kim" + ENTER)
        browser.shows("Enter your code", "h1")
        code = code_in_mail(pages, mailer, asked)
        for name, text in (("code", code), ("new", NEW), ("repeated", NEW)):
            browser.fill(name, text)
        browser.keys(ENTER)
        browser.shows("Your password was changed.")


def test_every_field_is_heard(pages):
    """With its label, its hint and, after a mistake, what is wrong."""
    with Browser(360, "ko") as browser:
        browser.open(pages.here + "code")
        for name in ("user", "code", "new", "repeated"):
            browser.press(f'[name="{name}"]')
            assert browser.focused()["role"] == "textbox" and browser.focused()["name"]
        heights = [each["height"] for each in browser.rectangles("main button, main input:not([type=hidden]), nav a, nav button")]
        assert min(height for height in heights if height) >= 44


def test_the_language_is_switched_in_the_middle(pages):
    with Browser(360, "en") as browser:
        browser.open(pages.here)
        browser.fill("user", "kim")
        browser.press("main button.go")
        browser.press("nav button")
        browser.shows("확인 코드 입력", "h1")
        assert browser.value('main input[name="user"]') == "kim"


def test_a_change_and_what_was_wrong_with_it(pages, shots):
    with Browser(360, "ko", dark=True) as browser:
        browser.open(pages.here + "change")
        browser.fill("user", "kim")
        browser.fill("old", "is-it-this-one")
        browser.fill("new", NEW)
        browser.fill("repeated", NEW)
        browser.press("main button.go")
        browser.shows("암호가 틀렸거나", "[role=alert]")
        browser.screenshot(shots / "ko-360-dark-wrong.png")
        browser.fill("old", password_of(KIM))
        browser.fill("new", NEW)
        browser.fill("repeated", NEW)
        browser.press("main button.go")
        browser.shows("암호를 변경했습니다.")
        browser.screenshot(shots / "ko-360-dark-done.png")
    assert pages.slapd.signs_in(KIM, NEW)


def test_a_code_typed_as_hangul(pages, shots):
    with Browser(360, "ko") as browser:
        browser.open(pages.here)
        browser.fill("user", "ㅏㅑㅡ")
        browser.press("main button.go")
        browser.shows("한글 입력 상태", "[role=status]")
        browser.fill("code", "ㅏ7ㅂㄹ-2ㅡ9ㅌ-4ㅅ규")
        browser.press('[value="keep"]')
        browser.shows("K7QF-2M9X-4TRB", "[role=status]")
        assert browser.value('[name="code"]') == "K7QF-2M9X-4TRB"
        browser.screenshot(shots / "ko-360-hangul.png")


def _luminance(colour: str) -> float:
    channels = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)] if len(colour) == 7 else \
               [int(colour[at] * 2, 16) / 255 for at in (1, 2, 3)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_colours_have_contrast():
    """WCAG 2.2, 1.4.3 and 1.4.11: 4.5 for text, 3 for what shows a control, by day and in the dark."""
    style = (Path(__file__).parents[2] / "plugin/web/style.css").read_text(encoding="utf-8")
    for scheme in style.split(":root{")[1:]:
        colours = dict(part.split(":") for part in scheme.split("}")[0].split(";") if part.startswith("--"))
        for ink, papers in (("--ink", ("--paper", "--card", "--bad-paper", "--good-paper")), ("--soft", ("--paper", "--card")),
                            ("--key", ("--card", "--paper")), ("--on-key", ("--key",)), ("--bad", ("--card", "--bad-paper"))):
            for paper in papers:
                assert _contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)
        for line in ("--line", "--bad", "--key"):
            assert _contrast(colours[line], colours["--card"]) >= 3, line
