"""Licences by their SPDX names, and which of them go with ours (Apache-2.0)."""

import re
from collections.abc import Sequence
from email.message import Message
from typing import Final

UNKNOWN: Final = "NOASSERTION"
ALLOWED: Final = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "LGPL-3.0-only",  # psycopg: imported as it is, and replaced by whoever likes
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-1.1",
        "MPL-2.0",
        "OFL-1.1",
        "PSF-2.0",
        "ZPL-2.1",
        "Zlib",
    }
)
"""Licences of parts that we may hand on, or ask an operator to install, beside Apache-2.0."""
SAID: Final = {
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "ZPL 2.1": "ZPL-2.1",
}
"""Words of makers that are no SPDX names, and mean one."""
CLASSIFIERS: Final = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
READ: Final = {
    "cssselect2": "BSD-3-Clause",
    "flask-wtf": "BSD-3-Clause",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "pyasn1-modules": "BSD-2-Clause",
    "pydyf": "BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "scipy": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "tinycss2": "BSD-3-Clause",
    "weasyprint": "BSD-3-Clause",
    "webencodings": "BSD-3-Clause",
    "wtforms": "BSD-3-Clause",
}
"""Read in the licence file of each: what its maker declares names none of SPDX, or leaves open which BSD it is.

Wheels of scipy and pypdfium2 bring further libraries along (OpenBLAS, PDFium), with their licences beside them.
"""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_WORDS: Final = re.compile(r"\(|\)|[^\s()]+")


def of(name: str, metadata: Message) -> str:
    """Return under which licence a library is, as SPDX writes it; NOASSERTION where that is not known."""
    expression = metadata.get("License-Expression")
    if expression:
        return str(expression)
    if name in READ:
        return READ[name]
    said = str(metadata.get("License") or "").strip()
    if SAID.get(said, said) in ALLOWED:
        return SAID.get(said, said)
    named = {CLASSIFIERS[each] for each in metadata.get_all("Classifier") or [] if each in CLASSIFIERS}
    return named.pop() if len(named) == 1 else UNKNOWN


def goes_with_ours(expression: str) -> bool:
    """Tell whether a part under this licence may be handed on with ours.

    >>> [goes_with_ours(each) for each in ("MIT AND Zlib", "GPL-3.0-only OR (MIT AND ISC)", "MIT AND GPL-3.0-only")]
    [True, True, False]
    >>> [goes_with_ours(each) for each in ("", "NOASSERTION", "MIT OR", "MIT MIT", "(MIT", "MIT) OR (MIT")]
    [False, False, False, False, False, False]
    """
    words = _WORDS.findall(expression)
    verdict, rest = _either(words)
    return verdict and not rest


def _either(words: Sequence[str]) -> tuple[bool, Sequence[str]]:
    verdict, rest = _both(words)
    while rest and rest[0] == "OR":
        other, rest = _both(rest[1:])
        verdict = verdict or other
    return verdict, rest


def _both(words: Sequence[str]) -> tuple[bool, Sequence[str]]:
    verdict, rest = _one(words)
    while rest and rest[0] == "AND":
        other, rest = _one(rest[1:])
        verdict = verdict and other
    return verdict, rest


def _one(words: Sequence[str]) -> tuple[bool, Sequence[str]]:
    if words and words[0] == "(":
        verdict, rest = _either(words[1:])
        return (verdict, rest[1:]) if rest and rest[0] == ")" else (False, ["?"])
    if not words or not _NAME.fullmatch(words[0]) or words[0] in {"AND", "OR"}:
        return False, ["?"]  # a word is missing: what is left over makes the whole unreadable
    return words[0] in ALLOWED, words[1:]
