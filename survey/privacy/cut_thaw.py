"""From the record of a second cut back to what may be shown: `thaw_cut` is the only way."""

from dataclasses import dataclass
from typing import Final

import msgspec

from survey.i18n import Sentence
from survey.privacy.canonical import unchanged, written
from survey.privacy.cut_record import CutRecord, GroupFigures, GroupRecord
from survey.privacy.record import Sums
from survey.privacy.released import Released, Suppressed, release

CHANGED: Final = Sentence("This second cut was changed after it was made, so it is not shown.")


@dataclass(frozen=True, eq=False)
class PublishedGroup:
    """A group of a second cut: what it shows, or why it does not."""

    code: str
    parent: str | None
    names: dict[str, str]
    depth: int
    units: tuple[str, ...]
    figures: Released[GroupFigures] | Suppressed
    sums: Released[Sums] | Suppressed

    def name(self, language: str) -> str:
        """The group's name in `language`, or in the other one where it has none, or its code."""
        return self.names.get(language) or next(filter(None, self.names.values()), self.code)


@dataclass(frozen=True, eq=False)
class Cut:
    """A second cut as it is shown; made by `thaw_cut` only."""

    code: str
    wave: str
    publication: str
    earlier: tuple[str, ...]
    k: int
    colluders: int
    groups: tuple[PublishedGroup, ...]
    left_out: tuple[str, ...]
    digest: str


def dump_cut(record: CutRecord) -> tuple[bytes, str]:
    """Return the record as canonical JSON, and its SHA-256 in hexadecimal."""
    return written(record)


def read_cut(data: bytes, digest: str) -> CutRecord:
    """Return the record; raises Refused where a single byte differs from what was made."""
    return msgspec.json.decode(unchanged(data, digest, CHANGED), type=CutRecord)


def thaw_cut(data: bytes, digest: str) -> Cut:
    """Return what a verified second cut shows; raises Refused where a single byte differs from what was made."""
    record = read_cut(data, digest)
    groups = tuple(_published(group) for group in record.groups)
    return Cut(
        record.code, record.wave, record.publication, tuple(record.earlier), record.k, record.colluders, groups,
        tuple(record.left_out), digest,
    )  # fmt: skip


def _published(group: GroupRecord) -> PublishedGroup:
    figures: Released[GroupFigures] | Suppressed = Suppressed(group.hidden or "small")
    sums: Released[Sums] | Suppressed = Suppressed(group.hidden or "small")
    if group.hidden is None and group.figures is not None and group.sums is not None:
        figures, sums = release(group.figures), release(group.sums)
    return PublishedGroup(group.code, group.parent, group.names, group.depth, tuple(group.units), figures, sums)
