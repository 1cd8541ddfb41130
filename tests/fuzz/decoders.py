#!/usr/bin/python3
"""Fails where the protocol has a decoder that no fuzz target knows, or a target has no corpus."""

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROTOCOL = HERE.parents[1] / "plugin/protocol"
# What the decoders themselves are made of.
PARTS = {"decoder.h", "encoder.h", "fields.h", "wire-fields.h"}
DECODER = re.compile(r"^int (lk_\w*(?:_decode_\w+|_parse|_check|_canonical|_header|_open))\(", re.MULTILINE)


def main() -> int:
    """Prints what is missing, and returns 1 if anything is."""
    headers = [header for header in PROTOCOL.glob("*.h") if header.name not in PARTS]
    decoders = {name for header in headers for name in DECODER.findall(header.read_text())}
    programs = [source for source in HERE.glob("*.c") if "LLVMFuzzerTestOneInput(const" in source.read_text()]
    called = "".join(source.read_text() for source in programs)
    missing = [f"no target knows {name}()" for name in sorted(decoders) if not re.search(rf"\b{name}\b", called)]
    missing += [f"{source.stem} has no corpus" for source in programs
                if not any((HERE / "corpus" / source.stem).glob("*"))]
    print("\n".join(missing) or f"{len(decoders)} decoders, {len(programs)} targets")
    return 1 if missing or not decoders else 0


if __name__ == "__main__":
    sys.exit(main())
