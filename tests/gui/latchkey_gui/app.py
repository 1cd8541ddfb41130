"""The app, started for a test: what a person sees and does with it."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from latchkey_testing import places, sanitizers, watching
from latchkey_testing.waiting import end, wait_for

from . import words
from .display import Display
from .tree import PATIENCE, Node, application, dump, matches

PROGRAM = places.BUILD / "gui/latchkey-desktop"
SCHEMAS = places.BUILD / "data/desktop"
SCREENSHOTS = places.BUILD / "gui-screenshots"

NARROW = 360  # pixels, as of a telephone

# LATCHKEY_LOOK="dark,large" has every picture taken so: what the app is told, and the dots in an inch of the display, by
# which desktops enlarge letters.
LOOKS = {
    "dark": ({"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}, 96),
    "contrast": ({"ADW_DEBUG_HIGH_CONTRAST": "1"}, 96),
    "large": ({}, 144),  # half as large again
    "huge": ({}, 192),  # twice as large
}

CLOSE = {"en": "Close", "ko": "닫기"}  # GTK's own words
LOCALES = {"en": "en_US.UTF-8", "ko": "ko_KR.UTF-8"}
BUTTON, LABEL, SWITCH, ROW = "push button", "label", "toggle button", "list item"


class App:
    """One run of the app in LANGUAGE. DIRECTORY is its home: profiles and settings of it alone."""

    def __init__(self, display: Display, directory: Path, name: str, language: str = "en"):
        self.display, self.language = display, language
        self.directory = directory
        self.log = directory / "app.log"
        self._name, self._shots, self._backend = name, 0, "memory"
        self.process: subprocess.Popen | None = None

    # Life

    def write_profile(self, uris: str, base: str, **more: str) -> None:
        """The directory that it offers first."""
        folder = self.directory / "config/latchkey"
        folder.mkdir(parents=True, exist_ok=True)
        keys = {"name": "Example Organization", "uris": uris, "base": base, "auth": "password", "start-tls": "false"} | more
        (folder / "profiles.ini").write_text("[profile test]\n" + "".join(f"{key}={value}\n" for key, value in keys.items()))

    def write_settings(self, settings: dict[str, str]) -> None:
        """Its settings, with _ for - in their names and values as GSettings writes them."""
        folder = self.directory / "config/glib-2.0/settings"
        folder.mkdir(parents=True, exist_ok=True)
        lines = [f"{key.replace('_', '-')}={value}\n" for key, value in settings.items()]
        (folder / "keyfile").write_text("[org/latchkey/Latchkey]\n" + "".join(lines))
        self._backend = "keyfile"

    def start(self, *words: str, **environment: str) -> None:
        """Starts it, and waits for its window."""
        config = self.directory / "config"
        (config / "gtk-4.0").mkdir(parents=True, exist_ok=True)
        shutil.copy(self.display.home / "config/gtk-4.0/settings.ini", config / "gtk-4.0")
        looks = [LOOKS[name] for name in os.environ.get("LATCHKEY_LOOK", "").split(",") if name]
        if looks:
            self.display.set_dots_in_an_inch(max(dots for _, dots in looks))
        ours = {
            "LANG": LOCALES[self.language], "XDG_CONFIG_HOME": str(config), "GSETTINGS_SCHEMA_DIR": str(SCHEMAS),
            "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo", "GDK_DEBUG": "gl-disable", "G_DEBUG": "fatal-warnings",
            "GSETTINGS_BACKEND": self._backend,
        }
        for variables, _ in looks:
            ours |= variables
        kept = {name: value for name, value in self.display.environment.items() if name not in ("LC_ALL", "LANGUAGE")}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([*sanitizers.prefix(self.directory, "app"), str(PROGRAM), *words], stdout=log, stderr=log,
                                            start_new_session=True, cwd=self.directory, env={**kept, **ours, **environment})
        self.wait(lambda: self.windows)

    def stop(self) -> None:
        """Ends it as the desktop would, and asserts that it had not ended by itself and warned of nothing."""
        process, self.process = self.process, None
        said = self.log.read_text()
        assert process.poll() is None, f"the app had ended by itself with {process.returncode}\n{said}"
        status = end(process, signal.SIGTERM)
        assert status == 0, f"the app ended with {status}\n{self.log.read_text()}"
        assert "WARNING" not in said and "CRITICAL" not in said, said
        findings = sanitizers.findings(self.directory)
        assert not findings, "found:\n" + "\n".join(findings)

    def remove(self) -> None:
        """Ends it where it still runs."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    # Seeing

    def say(self, message: str, **values: str) -> str:
        """A pattern for what the app says in its language where it is MESSAGE in English."""
        return words.pattern(self.language, message, **values)

    def say_plain(self, message: str, **values: str) -> str:
        """What the app says in its language where it is MESSAGE in English, as it stands in a file."""
        return words.say(self.language, message, **values)

    @property
    def windows(self) -> list[Node]:
        """Its windows, the newest last."""
        assert self.process.poll() is None, f"the app ended with {self.process.returncode}\n{self.log.read_text()}"
        root = application(self.process.pid)
        return root.children if root else []

    def wait(self, condition, timeout: float = PATIENCE):
        """Waits for CONDITION, for TIMEOUT seconds or what they become where the app runs slower; shows the tree where it never comes."""
        try:
            return wait_for(condition, watching.patience(timeout), 0.05)
        except AssertionError as error:
            self.screenshot("in-vain", narrow=False)
            raise AssertionError(f"{error}\n{self.tree()}\n{self.log.read_text()}") from None

    def tree(self) -> str:
        """All that a screen reader finds."""
        return "".join(dump(window) for window in self.windows)

    def all(self, pattern: str, role: str = "") -> list[Node]:
        """Everything whose name fits PATTERN, with ROLE, that can be seen."""
        return [node for window in self.windows for node in window.walk() if matches(node, pattern, role)]

    def _first(self, fits) -> Node | None:
        """The first node that FITS. The newest window first, and no further than it takes: a walk of a whole tree costs a second
        on a busy machine."""
        walks = (window.walk() for window in reversed(self.windows))
        return next((node for walk in walks for node in walk if fits(node)), None)

    def find(self, pattern: str, role: str = "", timeout: float = PATIENCE) -> Node:
        """Waits for the first of them."""
        def seen():
            return self._first(lambda node: matches(node, pattern, role))
        seen.__qualname__ = f"{role or 'anything'} {pattern!r}"
        return self.wait(seen, timeout)

    def wait_gone(self, pattern: str, role: str = "") -> None:
        """Waits until there is none."""
        self.wait(lambda: not self.all(pattern, role))

    def field(self, pattern: str) -> Node:
        """The field of this title."""
        def seen():
            return self._first(lambda node: matches(node, pattern, "") and node.role in ("text", "password text", "entry"))
        seen.__qualname__ = f"field {pattern!r}"
        return self.wait(seen)

    def in_sight(self, node: Node) -> bool:
        """Whether NODE of the newest window can be seen from top to bottom without scrolling."""
        _x, top, _width, height = node.box
        return top >= 0 and top + height <= self.windows[-1].box[3]

    def focused(self) -> Node | None:
        """What has the keyboard."""
        return next((node for window in self.windows for node in window.walk() if node.has("focused")), None)

    def screenshot(self, name: str, narrow: bool = True) -> Path:
        """A picture of the screen in the build folder; asserts that what is there would fit onto a telephone: not all of
        GTK's own windows do."""
        self._shots += 1
        path = SCREENSHOTS / self._name / f"{self._shots:02}-{name}-{self.language}.png"
        time.sleep(0.3)  # what was just found in the tree is painted with the next frame
        self.display.screenshot(path)
        if narrow and not {"large", "huge"} & set(os.environ.get("LATCHKEY_LOOK", "").split(",")):
            self.assert_narrow(name)
        return path

    def assert_narrow(self, name: str) -> None:
        """The windows say how narrow they can be without anything's being cut off. One may have closed meanwhile."""
        for window in self._xdotool("search", "--onlyvisible", "--pid", str(self.process.pid)).split():
            done = subprocess.run(["xprop", "-id", window, "WM_NORMAL_HINTS", "WM_NAME"], env=self.display.environment, text=True,
                                  capture_output=True, check=False)
            least = re.search(r"minimum size: (\d+) by", done.stdout)
            assert not least or int(least[1]) <= NARROW, f"{name} cannot be {NARROW} pixels wide: {done.stdout}"

    def saved(self, name: str) -> Path:
        """The file NAME that it saves, once it is whole: it is there before, and empty."""
        path = self.directory / name
        self.wait(lambda: path.exists() and path.stat().st_size > 0 and not self._has_open(path))
        return path

    def _has_open(self, path: Path) -> bool:
        for descriptor in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with contextlib.suppress(OSError):  # closed meanwhile
                if os.readlink(descriptor) == str(path):
                    return True
        return False

    def touch(self) -> None:
        """Shows the app that somebody is there, which postpones that it locks itself."""
        self.keys("shift")

    def pasted(self) -> str:
        """What another program would paste."""
        return subprocess.run(["xclip", "-selection", "clipboard", "-o"], env=self.display.environment, capture_output=True, text=True,
                              timeout=watching.patience(PATIENCE), check=False).stdout

    # Doing

    def press(self, pattern: str, role: str = BUTTON) -> None:
        """Presses the button of this name, once it can be pressed."""
        def ready():
            return self._first(lambda node: matches(node, pattern, role) and node.has("sensitive"))
        ready.__qualname__ = f"a sensitive {role} {pattern!r}"
        self.wait(ready).press()

    def keys(self, *keys: str, pause: int = 12) -> None:
        """Presses keys as a person does: "Return", "ctrl+f", with so many milliseconds between them."""
        self._xdotool("key", "--clearmodifiers", "--delay", str(pause), *keys)

    def write(self, text: str) -> None:
        """Types TEXT on the keyboard."""
        self._xdotool("type", "--clearmodifiers", text)

    def focus_window(self) -> None:
        """Gives the newest window the keyboard, as a window manager would, once all that the tree has are on the screen."""
        def shown():
            windows = self._xdotool("search", "--onlyvisible", "--pid", str(self.process.pid)).split()
            return windows if len(windows) >= len(self.windows) else None
        self._xdotool("windowfocus", "--sync", self.wait(shown)[-1])

    def resize(self, width: int, height: int) -> None:
        """Makes the newest window so wide and so high, as its frame would."""
        windows = self._xdotool("search", "--onlyvisible", "--pid", str(self.process.pid)).split()
        framed = [window for window in windows if self._has_frame(window)]
        self._xdotool("windowsize", "--sync", framed[-1], str(width), str(height))

    def _has_frame(self, window: str) -> bool:
        """Whether a window manager would see to it: not to a tooltip, which the pointer brings up wherever it was left."""
        done = subprocess.run(["xwininfo", "-id", window], env=self.display.environment, text=True, capture_output=True, check=False)
        return "Override Redirect State: no" in done.stdout

    def close_main_window(self) -> None:
        """Asks the window that was there first to close, as its frame would, whatever is in front of it."""
        next(node for node in self.windows[0].walk() if matches(node, CLOSE[self.language], BUTTON)).press()

    def click(self, node: Node) -> None:
        """Clicks in the middle of NODE, which no action serves: a row of a list. What has no place yet seems to be in the corner of the
        window, where a click begins to resize it; and GTK 4.8 warns of its own mistake then ("Broken accounting of active state")."""
        def placed():
            box = node.box
            return box if box[2] > 0 and box[3] > 0 else None
        placed.__qualname__ = f"a place of {node}"
        x, y, width, height = self.wait(placed)
        self._xdotool("mousemove", str(x + width // 2), str(y + height // 2), "click", "1")

    def _xdotool(self, *words: str) -> str:
        done = subprocess.run(["xdotool", *words], env=self.display.environment, text=True, capture_output=True, check=False)
        assert done.returncode == 0, f"xdotool {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout
