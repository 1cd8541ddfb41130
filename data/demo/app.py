"""The desktop app in the demo: opened where there is a display, signed in as the helpdesk, with settings of its own."""

import os
import subprocess
from pathlib import Path

import organization
from latchkey_testing import places
from latchkey_testing.settings import SUFFIX
from narrator import LANGUAGE, _
from stage import Stage

PROGRAM = places.BUILD / "gui/latchkey-desktop"


def has_display() -> bool:
    """Whether there is one to open a window on."""
    return "WAYLAND_DISPLAY" in os.environ or "DISPLAY" in os.environ


def _prepare(stage: Stage, directory: Path) -> tuple[list[str], dict[str, str]]:
    """The command that opens it, and what the environment needs for it: the profile of the demo's directory below DIRECTORY."""
    helper = stage.cast.password_admin
    folder = directory / "config/latchkey"
    folder.mkdir(parents=True)
    (folder / "profiles.ini").write_text("\n".join([
        "[profile demo]", f"name={organization.NAME}", f"uris={stage.slapd.uri}", f"base={SUFFIX}", "auth=password",
        "start-tls=false", f"user={helper.dn}", "remember=false", ""]), encoding="utf-8")
    environment = {"XDG_CONFIG_HOME": str(directory / "config"), "GSETTINGS_BACKEND": "memory",
                   "GSETTINGS_SCHEMA_DIR": str(places.BUILD / "data/desktop"), "LATCHKEY_CATALOGS": str(places.CATALOGS)}
    return [str(PROGRAM), "--password-file", stage.file(helper.password, "helpdesk")], environment


def open_app(stage: Stage, directory: Path, headless: bool) -> subprocess.Popen | None:
    """Opens it, or says how it is opened; returns the process, if there is one."""
    command, environment = _prepare(stage, directory)
    if headless or not has_display():
        words = [f"{name}={value}" for name, value in environment.items()]
        stage.narrator.paste(_("There is no display here for the desktop app. On one, this opens it, signed in as the "
                               "helpdesk:"), " ".join(["env", *words, *command]))
        return None
    stage.narrator.say(_("The desktop app opens now, signed in as {name} of the helpdesk."), name=stage.cast.password_admin.name)
    return subprocess.Popen(command, env={**os.environ, **environment, "LANGUAGE": LANGUAGE},
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
