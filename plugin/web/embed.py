#!/usr/bin/python3
"""Writes a text file as a string of C: embed.py NAME INPUT OUTPUT."""

import sys
from pathlib import Path

name, source, target = sys.argv[1:]
text = Path(source).read_text(encoding="utf-8")
lines = [line.replace("\\", "\\\\").replace('"', '\\"') for line in text.splitlines()]
Path(target).write_text(f"static const char {name}[] =\n" + "\n".join(f'\t"{line}\\n"' for line in lines) + ";\n",
                        encoding="utf-8")
