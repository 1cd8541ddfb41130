"""What a test wants of its slapd, and the cn=config that says so."""

import base64
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import places

SUFFIX = "dc=example,dc=org"
ROOT_DN = f"cn=admin,{SUFFIX}"
ROOT_PASSWORD = "root-password"
CONFIG_DN = "cn=config"
CONFIG_PASSWORD = "config-password"
POLICIES_DN = f"ou=policies,{SUFFIX}"
MAILER_DN = f"cn=mailer,ou=services,{SUFFIX}"
DEFAULT_PPOLICY_DN = f"cn=passwords,{POLICIES_DN}"

# Wide open on purpose: what is refused or hidden under these was refused or hidden by Latchkey.
OPEN_ACCESS = (
    "to attrs=userPassword by users write by anonymous auth",
    "to * by users write by * read",
)

Entry = tuple[str, dict[str, list[str]]]


def random_key() -> str:
    """A public key to which nobody has the secret half, for directories that no mailer serves."""
    return base64.b64encode(os.urandom(32)).decode()


@dataclass
class Database:
    """A database beside the first one; OVERLAYS as in Settings. It is made empty, or holds ENTRIES."""

    suffix: str
    attributes: dict[str, list[str]] = field(default_factory=dict)
    overlays: tuple[tuple[str, dict[str, list[str]]], ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass
class Settings:
    """Everything about a slapd that a test may choose; the defaults are an ordinary directory with Latchkey."""

    overlay: Path | None = places.OVERLAY  # None: no Latchkey at all
    ppolicy: bool = True
    latchkey_first: bool = True  # Latchkey sees an operation before ppolicy does
    access: tuple[str, ...] = OPEN_ACCESS
    log_level: str = "stats"
    port: bool = False  # listen on a free port of 127.0.0.1 as well
    tls_port: bool = False  # and on one for ldaps://
    mailer_keys: tuple[str, ...] = field(default_factory=lambda: (random_key(),))
    latchkey: dict[str, list[str]] = field(default_factory=dict)  # attributes of the overlay's entry, added or replaced
    database: dict[str, list[str]] = field(default_factory=dict)  # the same for the database's
    modules: tuple[str, ...] = ()  # further modules of the system's
    overlays: tuple[tuple[str, dict[str, list[str]]], ...] = ()  # further overlays, configured before the two above
    server: dict[str, list[str]] = field(default_factory=dict)  # attributes of cn=config itself
    below: tuple[Database, ...] = ()  # further databases, configured before the one above: slapd wants subordinate ones there
    databases: tuple[Database, ...] = ()  # and after it
    monitor: tuple[str, ...] | None = None  # who may read cn=Monitor; None: there is none
    database_bytes: int = 1 << 30
    wrapper: tuple[str, ...] = ()  # words before slapd's own command

    @property
    def number(self) -> int:
        """Which of slapd's databases the first one is."""
        return 1 + len(self.below)

    def numbered(self) -> dict[int, Database]:
        """The further ones, by their numbers."""
        return {**dict(enumerate(self.below, 1)), **dict(enumerate(self.databases, self.number + 1))}


def _module_entry(settings: Settings) -> Entry:
    # By name from the system's folder, but the overlay by its path; slapd accepts either.
    modules = ["back_mdb", *settings.modules, *(["ppolicy"] if settings.ppolicy else [])]
    if settings.overlay:
        modules.append(str(settings.overlay))
    return "cn=module{0},cn=config", {
        "objectClass": ["olcModuleList"],
        "cn": ["module{0}"],
        "olcModulePath": [str(places.SYSTEM_MODULES)],
        "olcModuleLoad": modules,
    }


def _database_entry(settings: Settings, directory: Path) -> Entry:
    attributes = {
        "objectClass": ["olcDatabaseConfig", "olcMdbConfig"],
        "olcDatabase": [f"{{{settings.number}}}mdb"],
        "olcSuffix": [SUFFIX],
        "olcRootDN": [ROOT_DN],
        "olcRootPW": [ROOT_PASSWORD],
        "olcDbDirectory": [str(data_directory(directory, settings.number))],
        "olcDbMaxSize": [str(settings.database_bytes)],
        "olcDbIndex": ["objectClass,entryUUID,uid,mail,member eq", "entryCSN eq"],
        "olcAccess": list(settings.access),
    }
    if settings.overlay:
        attributes["olcDbIndex"] += [
            "latchkeyDue,latchkeyBlocked,latchkeyFailedMessage pres",
            "latchkeyFormerName,latchkeyEventDay eq"]
    if settings.ppolicy:
        attributes["olcDbIndex"].append("pwdReset,pwdChangedTime eq")
    return f"olcDatabase={{{settings.number}}}mdb,cn=config", {**attributes, **settings.database}


def overlay_of_latchkey(settings: Settings) -> tuple[str, dict[str, list[str]]]:
    """Our overlay as SETTINGS want it on the first database."""
    return "latchkey", {
        "objectClass": ["olcLatchkeyConfig"],
        "olcLatchkeyPolicyBase": [POLICIES_DN],
        "olcLatchkeyMailerKey": list(settings.mailer_keys),
        "olcLatchkeyMailer": [MAILER_DN],
        **settings.latchkey,
    }


def overlay_of_ppolicy(default: str = DEFAULT_PPOLICY_DN, **more: list[str]) -> tuple[str, dict[str, list[str]]]:
    """slapo-ppolicy with that default policy."""
    return "ppolicy", {"objectClass": ["olcPPolicyConfig"], "olcPPolicyDefault": [default],
                       "olcPPolicyHashCleartext": ["TRUE"], **more}


def _overlays(settings: Settings) -> list[tuple[str, dict[str, list[str]]]]:
    """The overlays in the order in which they are configured; the last one runs first."""
    own = []
    if settings.ppolicy:
        own.append(overlay_of_ppolicy())
    if settings.overlay:
        own.append(overlay_of_latchkey(settings))
    return [*settings.overlays, *(own if settings.latchkey_first else reversed(own))]


def config_entries(settings: Settings, directory: Path) -> Iterator[Entry]:
    """The entries of cn=config, but the standard schema, for a slapd that keeps its data in DIRECTORY."""
    yield _module_entry(settings)
    yield "olcDatabase={-1}frontend,cn=config", {
        "objectClass": ["olcDatabaseConfig", "olcFrontendConfig"],
        "olcDatabase": ["{-1}frontend"],
    }
    yield "olcDatabase={0}config,cn=config", {
        "objectClass": ["olcDatabaseConfig"],
        "olcDatabase": ["{0}config"],
        "olcRootDN": [CONFIG_DN],
        "olcRootPW": [CONFIG_PASSWORD],
    }
    database_dn, database = _database_entry(settings, directory)
    further = settings.numbered()
    for number in range(1, len(further) + 2):
        if number == settings.number:
            yield database_dn, database
            yield from _overlay_entries(database_dn, _overlays(settings))
            continue
        dn = f"olcDatabase={{{number}}}mdb,cn=config"
        yield dn, {
            **database,
            "olcDatabase": [f"{{{number}}}mdb"],
            "olcSuffix": [further[number].suffix],
            "olcDbDirectory": [str(data_directory(directory, number))],
            **further[number].attributes,
        }
        yield from _overlay_entries(dn, further[number].overlays)
    if settings.monitor is not None:
        number = len(further) + 2
        yield f"olcDatabase={{{number}}}monitor,cn=config", {
            "objectClass": ["olcDatabaseConfig", "olcMonitorConfig"],
            "olcDatabase": [f"{{{number}}}monitor"],
            "olcAccess": list(settings.monitor),
        }


def _overlay_entries(database_dn: str, overlays: Iterable[tuple[str, dict[str, list[str]]]]) -> Iterator[Entry]:
    for position, (name, attributes) in enumerate(overlays):
        ordered = f"{{{position}}}{name}"
        yield f"olcOverlay={ordered},{database_dn}", {
            **attributes,
            "objectClass": ["olcOverlayConfig", *attributes.get("objectClass", [])],
            "olcOverlay": [ordered],
        }


def data_directory(directory: Path, number: int) -> Path:
    """Where the database NUMBER of a slapd in DIRECTORY keeps its data."""
    return directory / ("data" if number == 1 else f"data{number}")
