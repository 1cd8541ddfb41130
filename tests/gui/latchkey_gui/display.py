"""A display, a session bus and an accessibility bus for one process of tests. They end with it."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from latchkey_testing import places
from latchkey_testing.waiting import wait_for

SIZE = "1280x800x24"
_SETTINGS = """[Settings]
gtk-enable-animations=0
gtk-cursor-blink=0
gtk-font-name=Cantarell 11
gtk-icon-theme-name=Adwaita
"""
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={directory}</listen>
  <servicedir>{directory}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class Display:
    """Made, everything runs, and this process uses it; remove() ends it."""

    def __init__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="latchkey-display-")
        self.home = Path(self._directory.name)
        self._processes: list[subprocess.Popen] = []
        for folder in ("runtime", "config/gtk-4.0", "data", "cache", "locale"):
            (self.home / folder).mkdir(parents=True, mode=0o700)
        (self.home / "config/gtk-4.0/settings.ini").write_text(_SETTINGS)
        # Korean without the machine's having that locale: dates, sorting and the language of the app follow it.
        for name in ("ko_KR", "en_US"):
            subprocess.run(["localedef", "-i", name, "-f", "UTF-8", self.home / f"locale/{name}.UTF-8"], check=True)
        self.environment = {
            **places.environment(),
            "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home / "runtime"),
            "XDG_CONFIG_HOME": str(self.home / "config"), "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CACHE_HOME": str(self.home / "cache"), "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
            "LOCPATH": str(self.home / "locale"), "GSETTINGS_BACKEND": "memory", "GIO_USE_VFS": "local",
            "GIO_USE_VOLUME_MONITOR": "unix",
        }
        self._start_bus()
        self._start_x()
        os.environ.update({name: self.environment[name] for name in (
            "DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME")})

    def _spawn(self, *command: str, **options) -> subprocess.Popen:
        process = subprocess.Popen(command, env=self.environment, start_new_session=True, text=True, **options)
        self._processes.append(process)
        return process

    def _start_bus(self) -> None:
        # Nothing starts by itself but what hands out the tree: a keyring that does would be a locked one, and in the way.
        services = self.home / "runtime/services"
        services.mkdir()
        shutil.copy("/usr/share/dbus-1/services/org.a11y.Bus.service", services)
        config = self.home / "bus.conf"
        config.write_text(_BUS.format(directory=self.home / "runtime"))
        bus = self._spawn("dbus-daemon", f"--config-file={config}", "--nofork", "--print-address",
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()

    def _start_x(self) -> None:
        reader, writer = os.pipe()
        self._spawn("Xvfb", "-displayfd", str(writer), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset",
                    pass_fds=(writer,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as number:
            self.environment["DISPLAY"] = ":" + number.readline().strip()

    def set_dots_in_an_inch(self, dots: int) -> None:
        """How large the letters are of what is started from now on: 96 is what they are drawn for."""
        subprocess.run(["xprop", "-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", f"Xft.dpi: {dots}"],
                       env=self.environment, check=True)

    def screenshot(self, path: Path) -> None:
        """What is on the screen now, as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["import", "-window", "root", path], env=self.environment, check=True, capture_output=True)

    def remove(self) -> None:
        """Ends what was started here, the last first."""
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            wait_for(lambda process=process: process.poll() is not None)
        self._directory.cleanup()
