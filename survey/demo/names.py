"""Names of the demo company, read from company.toml: invented people, units in Korean and English."""

from pathlib import Path
from typing import Final

import msgspec


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name in both languages."""

    ko: str
    en: str


class Department(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A department of the demo company with its teams."""

    code: str
    name: Name
    kind: str
    teams: tuple[Name, ...]


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything in the demo company that has a name."""

    company: Name
    family_names: tuple[str, ...]
    given_names: tuple[str, ...]
    comments: dict[str, tuple[str, ...]]
    departments: tuple[Department, ...]


NAMES: Final = msgspec.toml.decode((Path(__file__).parent / "company.toml").read_bytes(), type=Names)
