"""What a section of the manual is: the function that it is about, and a table of cases."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Given = Mapping[str, Any]
Expected = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One row of a table."""

    name: str
    given: Given
    expect: Expected


@dataclass(frozen=True)
class Section:
    """One chapter of the manual: the docstring of the function that it is about, and its cases."""

    title: str
    of: Callable[..., Any]
    call: Callable[[Given], Expected] | None = None
    table: str = ""


@cache
def cases(table: str) -> tuple[Case, ...]:
    """Read the cases of a table from its TOML file."""
    with (HERE / f"{table}.toml").open("rb") as file:
        return tuple(Case(case["name"], case["given"], case["expect"]) for case in tomllib.load(file)["cases"])
