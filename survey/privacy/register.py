"""What the company itself noted, frozen with a publication: outcomes, practices of its own, marks on a unit's trend.

No answers in it.
"""

from typing import Literal

import msgspec

from survey.instruments.practices import Practice

Better = Literal["higher", "lower"]
MarkKind = Literal["leader", "tool"]


class Mark(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Something that happened in a unit: its leader changed, or a tool was introduced."""

    day: str
    kind: MarkKind
    name: str
    """What the tool is called; "" for a new leader, who is not named."""


class Over(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A practice that a unit had, and ended before the wave."""

    since: str
    ended: str


class OwnPractice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A practice that the company added to the library."""

    practice: Practice
    retired: bool = False
    """Whether it is offered no more; units that have it keep its name."""


class OutcomeValues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A measure's values in the period that begins first after a wave."""

    wave: str
    """Code of the wave beside whose answers they are set."""
    period: str
    values: dict[str, float]
    """By unit code; of units of the frozen tree only."""


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is counted of units anyway."""

    measure: str
    """Its code."""
    names: dict[str, str]
    better: Better
    counted_in: str
    declared_on: str
    """The day on which it was declared, before this wave opened; "" where it was not. At most one measure has one."""
    beside: list[OutcomeValues] = []
    """For this wave and earlier ones, the latest first; without those for which nothing was known at publication."""
