"""Chromium without a display and without scripts, driven through WebDriver (https://www.w3.org/TR/webdriver2/)."""

import base64
import json
import os
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from .slapd import free_port
from .waiting import wait_for

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
# For a machine without network, without a GPU, and where the tests run as root.
_ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
              "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage",
              "--force-color-profile=srgb", "--hide-scrollbars")


class Browser:
    """One window, WIDTH pixels wide, whose owner reads LANGUAGE; `with` ends it."""

    def __init__(self, width: int, language: str, dark: bool = False, scripts: bool = False):
        self._directory = tempfile.TemporaryDirectory(prefix="latchkey-browser-")
        self._url = f"http://127.0.0.1:{free_port()}"
        environment = {**os.environ, "HOME": self._directory.name, "LANGUAGE": language, "LANG": "C.UTF-8"}
        self._driver = subprocess.Popen(["chromedriver", f"--port={self._url.rsplit(':', 1)[1]}"], env=environment,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        wait_for(self._is_ready, timeout=30)
        tags = {"ko": "ko-KR,ko,en", "en": "en-US,en"}[language]
        options = {
            "args": [*_ARGUMENTS, f"--user-data-dir={self._directory.name}/profile", f"--lang={tags.split(',')[0]}",
                     f"--window-size={width},900", *(["--blink-settings=preferredColorScheme=0"] if dark else [])],
            "prefs": {"intl.accept_languages": tags,
                      "profile.managed_default_content_settings.javascript": 1 if scripts else 2},
            "mobileEmulation": {"deviceMetrics": {"width": width, "height": 900, "pixelRatio": 1, "touch": False}},
        }
        wanted = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}}
        self._session = "/session/" + self._ask("POST", "/session", wanted)["sessionId"]

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_rest) -> None:
        try:
            self._ask("DELETE", self._session)
        finally:
            self._driver.terminate()
            self._driver.wait()
            self._directory.cleanup()

    def open(self, url: str) -> None:
        """Goes there."""
        self._ask("POST", self._session + "/url", {"url": url})

    def title(self) -> str:
        """Of the page."""
        return self._ask("GET", self._session + "/title")

    def text(self, selector: str = "body") -> str:
        """What is visible of an element."""
        return self._ask("GET", f"{self._find(selector)}/text")

    def shows(self, words: str, selector: str = "main") -> None:
        """Waits until WORDS stand in an element; a click returns before the next page is there."""
        def there() -> bool:
            try:
                return words in self.text(selector)
            except AssertionError:  # the page is just going, or coming
                return False
        wait_for(there, timeout=20)

    def value(self, selector: str) -> str:
        """What stands in a field."""
        return self._ask("GET", f"{self._find(selector)}/property/value")

    def fill(self, name: str, text: str) -> None:
        """Types into a field, in the place of what stood there."""
        field = self._find(f'[name="{name}"]:not([type="hidden"])')
        self._ask("POST", field + "/clear", {})
        self._ask("POST", field + "/value", {"text": text})

    def press(self, selector: str) -> None:
        """Clicks on it."""
        self._ask("POST", self._find(selector) + "/click", {})

    def keys(self, text: str) -> None:
        """Presses keys, wherever the focus is."""
        pressed = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._ask("POST", self._session + "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": pressed}]})

    def focused(self) -> dict[str, str]:
        """Role and name, as a screen reader hears them, of what has the focus."""
        found = self._ask("GET", self._session + "/element/active")[_ELEMENT]
        element = f"{self._session}/element/{found}"
        return {"role": self._ask("GET", element + "/computedrole"), "name": self._ask("GET", element + "/computedlabel")}

    def rectangles(self, selector: str) -> list[dict[str, float]]:
        """Where the elements are."""
        found = self._ask("POST", self._session + "/elements", {"using": "css selector", "value": selector})
        return [self._ask("GET", f"{self._session}/element/{each[_ELEMENT]}/rect") for each in found]

    def screenshot(self, path: Path) -> bytes:
        """The whole page as a picture."""
        shown = self._ask("POST", self._session + "/goog/cdp/execute",
                          {"cmd": "Page.captureScreenshot", "params": {"captureBeyondViewport": True, "format": "png"}})
        picture = base64.b64decode(shown["data"])
        path.write_bytes(picture)
        return picture

    def layout_width(self) -> float:
        """How wide the contents are: more than the window where one has to scroll sideways."""
        metrics = self._ask("POST", self._session + "/goog/cdp/execute", {"cmd": "Page.getLayoutMetrics", "params": {}})
        return metrics["cssContentSize"]["width"]

    def _find(self, selector: str) -> str:
        found = self._ask("POST", self._session + "/element", {"using": "css selector", "value": selector})
        return f"{self._session}/element/{found[_ELEMENT]}"

    def _is_ready(self) -> bool:
        try:
            return self._ask("GET", "/status")["ready"]
        except OSError:
            return False

    def _ask(self, method: str, path: str, body: dict | None = None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.loads(error.read())["value"]["message"]) from error
