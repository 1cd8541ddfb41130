#!/usr/bin/env python3
"""Turns latchkey.schema into the tables that the overlay registers and into an LDIF for reading.

    generate.py SCHEMA HEADER LDIF

A mistake that slapd would find only when it loads the module (a number or a name given twice, an element
without a description or outside its arc) fails the build instead.
"""

import pathlib
import re
import sys

BASE = "2.25.4409265514517189818853936711966505072"
ARCS = {"attributetype": BASE + ".1.", "objectclass": BASE + ".2."}
ELEMENT = re.compile(r"\( ([0-9.]+) NAME '([A-Za-z]+)' DESC '([^']+\.)' .* \)")
LDIF_COLUMNS = 78

HEADER = """\
/* Made from latchkey.schema by generate.py; a change here is lost with the next build. */
#pragma once

/* NULL-terminated, in the order of the source. lk_attribute_names has one name for each of
 * lk_attribute_definitions. */
{tables}"""

LDIF = """\
# Made from latchkey.schema, for reading. Do NOT load this: latchkey.so registers these definitions itself, and fails
# where they exist already. (slapd would refuse the operational ones: those only a module can bring.)
dn: cn=latchkey,cn=schema,cn=config
objectClass: olcSchemaConfig
cn: latchkey
{values}
"""


def elements(text):
    """Yields (keyword, definition) with each run of white space made one space."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for block in re.split(r"\n(?=\S)", "\n".join(lines)):
        keyword, _, definition = block.partition(" ")
        if keyword not in ARCS:
            raise ValueError(f"unknown keyword {keyword!r}")
        yield keyword, " ".join(definition.split())


def checked(text):
    """Returns [(keyword, name, definition)], or raises ValueError for what slapd would refuse."""
    result, seen = [], set()
    for keyword, definition in elements(text):
        match = ELEMENT.fullmatch(definition)
        if not match:
            raise ValueError(f"not ( OID NAME 'name' DESC 'sentence.' ... ): {definition}")
        oid, name = match.group(1, 2)
        if not oid.startswith(ARCS[keyword]):
            raise ValueError(f"{name} is outside the arc of its kind")
        if oid in seen or name.lower() in seen:
            raise ValueError(f"the number or the name of {name} is given twice")
        seen |= {oid, name.lower()}
        result.append((keyword, name, definition))
    return result


def table(name, strings):
    escaped = (string.replace("\\", "\\\\").replace('"', '\\"') for string in strings)
    rows = "".join(f'\t"{string}",\n' for string in escaped)
    return f"static const char *const {name}[] = {{\n{rows}\tNULL,\n}};\n"


def header(schema):
    attributes = [element for element in schema if element[0] == "attributetype"]
    classes = [element for element in schema if element[0] == "objectclass"]
    return HEADER.format(
        tables="\n".join(
            [
                table("lk_attribute_names", [name for _, name, _ in attributes]),
                table("lk_attribute_definitions", [definition for _, _, definition in attributes]),
                table("lk_class_definitions", [definition for _, _, definition in classes]),
            ]
        )
    )


def folded(line):
    """RFC 2849: what does not fit goes on in lines that begin with a space."""
    first, rest = line[:LDIF_COLUMNS], line[LDIF_COLUMNS:]
    step = LDIF_COLUMNS - 1
    return "\n".join([first] + [" " + rest[start : start + step] for start in range(0, len(rest), step)])


def ldif(schema):
    types = {"attributetype": "olcAttributeTypes", "objectclass": "olcObjectClasses"}
    return LDIF.format(values="\n".join(folded(f"{types[keyword]}: {text}") for keyword, _, text in schema))


def main(source, header_path, ldif_path):
    try:
        schema = checked(pathlib.Path(source).read_text(encoding="ascii"))
    except ValueError as error:
        sys.exit(f"{source}: {error}")
    pathlib.Path(header_path).write_text(header(schema), encoding="ascii")
    pathlib.Path(ldif_path).write_text(ldif(schema), encoding="ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
