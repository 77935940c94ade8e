"""What an attack may find."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Leak:
    """Something that must not be had from what is published."""

    kind: Literal["group", "value", "detail", "row", "two numbers"]
    what: str
    """Which quantity, and where."""
    people: int = 0
    """How many people it is about; for a value: how many of its possible answers are left."""
    colluders: int = 0
