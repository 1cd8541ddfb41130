"""What in the report of a tool is Latchkey's."""

import re

from . import places

# A frame of ours is known by its source file (Debian's slapd has none to show) or by its object.
_SOURCES = "|".join(sorted({re.escape(source.name) for part in ("plugin", "gui") for source in (places.ROOT / part).rglob("*.c")}))
_FRAME = re.compile(rf"[(/](?:{_SOURCES}):\d+|/(?:latchkey\.so|liblatchkey\.so|latchkey-mailer|latchkey-web|latchkey-desktop|latchkey\))")


def is_ours(finding: str) -> bool:
    """Whether FINDING has a frame of Latchkey's."""
    return _FRAME.search(finding) is not None
