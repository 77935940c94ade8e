"""The frozen record of a second cut: another way to group the report units of a wave that has been published.

Canonical JSON as the publication's own record; `second_cut.freeze_cut` makes it, `cut_thaw.thaw_cut` verifies it.
"""

from typing import Literal

import msgspec

from survey.privacy.figures import Figure
from survey.privacy.record import Sums
from survey.privacy.released import Reason


class GroupFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a group of a second cut shows: tier one, without any spread of its own."""

    n: int
    index: Figure
    scales: dict[str, Figure]


class GroupRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group, and what it shows, or why it does not."""

    code: str
    parent: str | None
    names: dict[str, str]
    depth: int
    units: list[str]
    """Report units of the wave that lie directly in this group, not in one below it."""
    hidden: Reason | None
    sums: Sums | None = None
    """Over the columns of the publication."""
    figures: GroupFigures | None = None


class CutRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One second cut of a publication."""

    format: Literal[1]
    code: str
    wave: str
    publication: str
    """Digest of the publication whose report units are grouped."""
    earlier: list[str]
    """Digests of the second cuts made of it before, the first one first."""
    k: int
    colluders: int
    """How many people were thought to put their own answers together when it was audited."""
    groups: list[GroupRecord]
    """Parents before children, siblings by code."""
    left_out: list[str]
    """Report units that are in no group."""
