"""A module that lacks one guard: the one file that has the guard is compiled anew, and linked with the others of the build."""

import re
import shlex
import subprocess
from pathlib import Path

from latchkey_testing import places

SOURCES = places.ROOT / "plugin/overlay"
_MODULE = str(places.OVERLAY.relative_to(places.BUILD))
# The macro's own lines have no name in quotes.
_GUARD = re.compile(r'LK_GUARD\(\s*"([^"]+)"')


def guards() -> dict[str, Path]:
    """Each guard in the sources, and the file that has it. A name that is used twice is an error."""
    found = [(name, source) for source in sorted(SOURCES.glob("*.c")) for name in _GUARD.findall(source.read_text())]
    names = [name for name, _ in found]
    assert len(set(names)) == len(names), f"used twice: {sorted({name for name in names if names.count(name) > 1})}"
    return dict(found)


def commands() -> list[list[str]]:
    """What ninja would run to make the module, the link last."""
    listed = subprocess.run(["ninja", "-C", places.BUILD, "-t", "commands", _MODULE], text=True, capture_output=True,
                            check=True)
    return [shlex.split(line) for line in listed.stdout.splitlines()]


def build(name: str, source: Path, known: list[list[str]], directory: Path) -> Path:
    """The module without the guard NAME of SOURCE, in DIRECTORY. KNOWN are commands()."""
    *compiles, link = known
    compile_source = next(words for words in compiles if "-c" in words and Path(words[-1]).name == source.name)
    object_built = compile_source[compile_source.index("-o") + 1]
    object_made, module = directory / "guard.o", directory / places.OVERLAY.name
    _run([*_with_output(compile_source[:-1], object_made), "-O0", "-U_FORTIFY_SOURCE", f'-DLK_WITHOUT_GUARD="{name}"',
          "-Wno-error", compile_source[-1]])
    # What a static library of the build has of this file is not taken, since it is there before.
    others = [word for word in _with_output(link, module) if word != object_built]
    at = others.index("-o") + 2
    _run([*others[:at], str(object_made), *others[at:]])
    return module


def _with_output(words: list[str], path: Path) -> list[str]:
    at = words.index("-o") + 1
    return [*words[:at], str(path), *words[at + 1:]]


def _run(words: list[str]) -> None:
    done = subprocess.run(words, text=True, capture_output=True, cwd=places.BUILD, check=False)
    assert done.returncode == 0, f"{shlex.join(words)}:\n{done.stdout}{done.stderr}"
