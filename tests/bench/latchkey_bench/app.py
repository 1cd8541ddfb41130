"""What the desktop app costs with many users: until the first page is painted, while one scrolls and while one types, on a display of
its own and in directories of people of whom Latchkey knows nothing. The app itself writes down when what happens (gui/times.h)."""

import math
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from latchkey_testing import places
from latchkey_testing.settings import SUFFIX
from latchkey_testing.waiting import wait_for

from . import population
from .figures import NO_LIMIT, Figures, Limit, at_most, at_most_more, progress
from .servers import Server

FEW = 100
PAGE = 30  # the first one of the app
MEMORY_KIB = 60 << 10
# What latchkey-desktop(1) recommends.
INDEX = ["objectClass,entryUUID,member eq", "entryCSN eq", "uid,mail eq,sub",
         "cn,displayName,givenName,sn,departmentNumber,ou sub", "employeeNumber,telephoneNumber eq",
         "latchkeyDue,latchkeyBlocked,latchkeyTemporaryUntil,latchkeyFailedMessage pres"]
_ATTRIBUTES = ("entryUUID uid displayName cn mail departmentNumber ou title employeeNumber latchkeyRecoveryAddress latchkeyMessage "
               "latchkeyBlocked latchkeyTemporaryUntil latchkeyFailedMessage pwdAccountLockedTime pwdStartTime pwdEndTime "
               "pwdReset pwdLastSuccess authTimestamp").split()
_FILTER = "(&(|(objectClass=person)(objectClass=posixAccount)))"


@dataclass(frozen=True)
class Effort:
    """How much is done for a figure."""

    starts: int
    words: int  # typed into the search


FULL = Effort(starts=9, words=15)
QUICK = Effort(starts=5, words=5)


def below(limit: float) -> Limit:
    """Less than LIMIT, whatever the baseline."""
    return Limit(f"<{limit:g}", lambda value, _baseline: value < limit)


class Desk:
    """The app, started and stopped again and again for one SERVER, and what it wrote down since it was started last."""

    def __init__(self, display, directory: Path, server: Server):
        from latchkey_gui.app import App  # needs the display

        self._app = App(display, directory, "bench")
        self._app.write_profile(server.slapd.uri, SUFFIX)
        self._app.write_settings({"look_seconds": "uint32 0", "lock_seconds": "uint32 0"})
        self._times = directory / "times"
        self.server = server
        config = directory / "config/latchkey/profiles.ini"
        config.write_text(config.read_text() + f"user={population.ADMIN}\n")

    def events(self, name: str) -> list[tuple[float, int]]:
        """When that happened, in milliseconds, and its number."""
        lines = [line.split() for line in self._times.read_text().splitlines()]
        return [(int(line[0]) / 1000, int(line[2])) for line in lines if len(line) == 4 and line[1] == name]

    def processor(self, moment: float) -> float:
        """How many milliseconds of the processor's time its main thread had used by then."""
        lines = [line.split() for line in self._times.read_text().splitlines()]
        return max((int(line[3]) / 1000 for line in lines if len(line) == 4 and int(line[0]) / 1000 <= moment), default=0)

    def after(self, name: str, moment: float) -> float | None:
        """When that happened first after MOMENT."""
        return next((when for when, _number in self.events(name) if when > moment), None)

    def start(self) -> float:
        """Starts it, and returns how long that took until a window was painted."""
        self._times.write_text("")
        began = 1000 * time.monotonic()
        self._app.start(LATCHKEY_TIMES=str(self._times))
        return wait_for(lambda: self.after("paint", began), timeout=60) - began

    def sign_in(self) -> float:
        """Types the password as a person does, who takes a moment to begin, and returns when the key was pressed that ends it."""
        self.focus()
        time.sleep(1)
        self.write(population.PASSWORD)
        time.sleep(0.5)
        self.keys("Return", pause=12)
        return wait_for(lambda: self.after("sign-in", 0), timeout=60)

    def stop(self) -> None:
        """Ends it."""
        self._app.stop()

    def painted_rows(self, since: float) -> float:
        """Waits until rows have come after SINCE, and returns when they were on the screen."""
        rows = wait_for(lambda: self.after("rows", since), timeout=120)
        return wait_for(lambda: self.after("paint", rows), timeout=60)

    def rows(self) -> int:
        """How many rows the list has now."""
        return (self.events("rows") or [(0, 0)])[-1][1]

    def keys(self, *keys: str, pause: int) -> None:
        """Presses keys, with so many milliseconds between them."""
        self._app.keys(*keys, pause=pause)

    def write(self, text: str) -> None:
        """Types TEXT, quickly."""
        self._app.write(text)

    def focus(self) -> None:
        """Gives it the keyboard; a search is empty then."""
        self._app.focus_window()

    def focus_list(self) -> None:
        """Gives a row of the list the keyboard."""
        self._app.click(self._app.find("Person u.*", "label", timeout=60))

    def memory(self) -> int:
        """Its resident memory, in KiB."""
        status = Path(f"/proc/{self._app.process.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0])

    def log(self) -> str:
        """What slapd has written."""
        return self.server.slapd.log.read_text(errors="replace")


def _ldapsearch(server: Server, password: str) -> tuple[float, float]:
    """Milliseconds that ldapsearch takes for the page that the app shows first, and those of the processor's time among them: the
    same entries, by the same filter, with the same attributes, over the same kind of connection. From its start to its end, with all
    that the app does between the sign-in and the page: it connects, binds with the same password and asks."""
    words = ["ldapsearch", "-x", "-LLL", "-H", server.slapd.uri, "-D", population.ADMIN, "-y", password, "-b", SUFFIX, "-z", str(PAGE),
             _FILTER, *_ATTRIBUTES]
    began, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, env=places.environment(), capture_output=True, check=False)
    assert done.stdout.count(b"dn: ") == PAGE, done.stderr
    taken, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * taken, 1000 * (after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime)


def _sign_in(desk: Desk) -> tuple[float, float]:
    """Milliseconds from the sign-in to the first page on the screen, and those of the processor's time among them."""
    desk.start()
    began = desk.sign_in()
    ended = desk.painted_rows(began)
    desk.stop()
    return ended - began, desk.processor(ended) - desk.processor(began)


def _starts(figures: Figures, effort: Effort, desk: Desk) -> None:
    progress(f"{effort.starts} starts and sign-ins")
    windows, pages, searches = [], [], []
    password = desk.server.slapd.secret_file(population.PASSWORD)
    for _turn in range(effort.starts + 1):
        painted = desk.start()
        windows.append((painted, desk.processor(math.inf)))
        desk.stop()
        pages.append(_sign_in(desk))
        searches.append(_ldapsearch(desk.server, password))
    # The first of each is not warm.
    window, used = map(statistics.median, zip(*windows[1:]))
    figures.show("app.window.ms", window, 500, below(500))
    figures.show("app.window.processor.ms", used, 500, NO_LIMIT)
    page, used = map(statistics.median, zip(*pages[1:]))
    search, search_used = map(statistics.median, zip(*searches[1:]))
    figures.show("app.page.ms", page, 1000, below(1000))
    figures.show("app.page.ldapsearch.ms", page, search, at_most(2))
    figures.show("app.page.processor.ms", used, search_used, NO_LIMIT)


def _server_times(log: str) -> list[float]:
    """How many milliseconds slapd took for each search for users, which the app asks for with a page."""
    return [1000 * float(found) for found in re.findall(r"SEARCH RESULT .*etime=([0-9.]+) nentries=", log)]


def _searches(figures: Figures, effort: Effort, desk: Desk) -> None:
    """The time from the last key to what it finds on the screen, without what slapd took for it."""
    progress(f"{effort.words} searches")
    desk.focus()
    times, server_times, used = [], [], []
    for turn in range(effort.words):
        seen = len(_server_times(desk.log()))
        desk.keys("Escape", pause=12)
        wait_for(lambda seen=seen: len(_server_times(desk.log())) > seen, timeout=60)
        time.sleep(0.5)
        seen = len(_server_times(desk.log()))
        number = desk.server.count * turn // effort.words
        desk.write(population.name_of(number))
        time.sleep(1)
        typed = desk.events("typed")[-1][0]
        painted = desk.painted_rows(typed)
        times.append(painted - typed)
        used.append(desk.processor(painted) - desk.processor(typed))
        server_times.append(_server_times(desk.log())[seen:][-1])
    ours = statistics.median(all_of_it - server for all_of_it, server in zip(times, server_times))
    figures.show("app.search.ms", ours, statistics.median(server_times), below(100))
    figures.show("app.search.processor.ms", statistics.median(used), 100, NO_LIMIT)


def _abandons(figures: Figures, desk: Desk) -> None:
    """What is typed while the directory answers nothing: each key but the last abandons what the one before asked for."""
    progress("searches that are abandoned")
    word = "person"
    desk.keys("Escape", pause=12)
    time.sleep(1)
    before = desk.log().count(" ABANDON ")
    with desk.server.slapd.halted():
        for key in word:
            seen = len(desk.events("typed"))
            desk.keys(key, pause=12)
            wait_for(lambda seen=seen: len(desk.events("typed")) > seen, timeout=20)
            time.sleep(0.3)  # until it is on its way
    time.sleep(2)
    most = len(word) - 1
    enough = Limit(f">={most}", lambda value, _baseline: value >= most)
    figures.show("app.search.abandoned", desk.log().count(" ABANDON ") - before, most, enough)


def _scroll(desk: Desk, count: int) -> list[tuple[float, float]]:
    """Goes down to the last row and up again, and returns how many milliseconds each turn of the main loop took that was a long
    one, and the processor's time in it."""
    began = 1000 * time.monotonic()
    desk.focus_list()
    desk.keys("ctrl+Home", pause=100)
    while desk.rows() < count:
        rows, asked = desk.rows(), time.monotonic()
        desk.keys(*["ctrl+End"] * 50, pause=20)
        assert desk.rows() > rows or time.monotonic() - asked < 60, f"the list ends with {rows} of {count} rows"
    desk.keys("ctrl+Home", *["Next"] * 20, "ctrl+End", *["Prior"] * 40, "ctrl+Home", pause=60)
    time.sleep(2)
    turns = zip(desk.events("turn"), desk.events("busy"))
    return [(turn / 1000, busy / 1000) for (when, turn), (_when, busy) in turns if when > began]


def _lists(figures: Figures, few: Desk, many: Desk) -> None:
    memory = []
    for desk in (few, many):
        progress(f"scrolling through {desk.server.count} people; load {os.getloadavg()[0]:.1f}")
        desk.start()
        desk.sign_in()
        wait_for(lambda desk=desk: desk.rows() >= min(PAGE, desk.server.count), timeout=60)
        turns = _scroll(desk, desk.server.count)
        memory.append(desk.memory())
        if desk is few:
            desk.stop()
    longest = max(turns, default=(0, 0))
    figures.show("app.scroll.stall.ms", longest[0], 50, below(50))
    figures.show("app.scroll.processor.ms", max((busy for _turn, busy in turns), default=0), 50, NO_LIMIT)
    figures.show("app.memory.KiB", memory[1], memory[0], at_most_more(MEMORY_KIB))


def _server(count: int) -> Server:
    return Server(count, database={"olcDbIndex": INDEX}, log_level="stats")


def run(figures: Figures, effort: Effort, count: int) -> None:
    """Measures everything."""
    sys.path.insert(0, str(places.ROOT / "tests/gui"))
    from latchkey_gui.display import Display

    progress(f"making directories of {FEW} and of {count} people")
    with TemporaryDirectory() as one, TemporaryDirectory() as other, _server(FEW) as few, _server(count) as many:
        display = Display()
        try:
            figures.show("app.load", os.getloadavg()[0], os.cpu_count(), NO_LIMIT)
            few_desk, desk = Desk(display, Path(one), few), Desk(display, Path(other), many)
            _starts(figures, effort, desk)
            _lists(figures, few_desk, desk)
            desk.keys("ctrl+f", pause=100)
            _searches(figures, effort, desk)
            _abandons(figures, desk)
            desk.stop()
        finally:
            display.remove()
