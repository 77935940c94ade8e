"""What a name in a store may be: it never leads out of the store."""

import re
from typing import Final

_NAME: Final = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)*[A-Za-z0-9][A-Za-z0-9._-]*")


def checked(name: str) -> str:
    """Return a name as it is; raises ValueError for one that could lead elsewhere.

    >>> checked("3f2a/ko/SALES-1c9d.pdf")
    '3f2a/ko/SALES-1c9d.pdf'
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"a store has no file {name!r}")
    return name


def checked_prefix(prefix: str) -> str:
    """Return a prefix as it is; raises ValueError for one that is no whole part of names."""
    if prefix:
        checked(prefix.removesuffix("/"))
        if not prefix.endswith("/"):
            raise ValueError(f"a prefix ends with a slash, unlike {prefix!r}")
    return prefix
