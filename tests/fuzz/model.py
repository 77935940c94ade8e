"""The life of a company in plain Python: what must be accepted, what refused, and what has to be there afterwards."""

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from survey.services.invitations.codes import belongs_to
from tests import cast

Expected = Literal["Accepted", "AlreadyCounted", "Spent", "OtherWave", "Closed", "Unknown", "Refused"]
GRACE: Final = dt.timedelta(minutes=15)
APART: Final = dt.timedelta(days=80)
KEY_LIVES: Final = dt.timedelta(hours=48)
MOST_EXTENSION: Final = dt.timedelta(days=14)
WEEK: Final = dt.timedelta(days=7)
SECOND: Final = dt.timedelta(seconds=1)
FIRST: Final = dt.datetime(2026, 10, 1, 9, 0)


@dataclass(frozen=True)
class Someone:
    """Who works where today."""

    number: str
    name: str
    unit: str
    leads: str = ""
    email: bool = True

    @property
    def address(self) -> str:
        """Where letters go; "" for whoever gets a slip."""
        return f"{self.name.lower()}@example.com" if self.email else ""

    @property
    def language(self) -> str:
        """In which she is written to."""
        return "en" if int(self.number) % 3 == 0 else "ko"


@dataclass(frozen=True)
class Code:
    """A code that was made."""

    wave: str
    unit: str
    person: str
    """Number of whoever has it in her hand; "" for a spare that nobody drew."""


@dataclass
class Round:
    """A wave as it has to be."""

    code: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    k: int
    detail_k: int
    months: int
    sealed: bool
    strict: bool
    state: str = "draft"
    rehearsal: bool = False
    imported: bool = False
    """Whether its answers were collected elsewhere."""
    chosen: set[str] = field(default_factory=set)
    """Numbers of those who were chosen for a rehearsal."""
    joins: list[list[str]] = field(default_factory=list)
    """Units that are one group in this wave."""
    extended: bool = False
    foreseen: bool = False
    places: dict[str, str] = field(default_factory=dict)
    """By number of everybody invited, the unit for which her answers count."""
    parents: dict[str, str | None] = field(default_factory=dict)
    unspent: set[str] = field(default_factory=set)
    pool: dict[str, str] = field(default_factory=dict)
    """Spare codes that nobody drew, with their unit."""
    spares: int = 0
    voided: int = 0
    slips: Counter[str] = field(default_factory=Counter)
    """Slips handed in, as the log counts them: under "" those of units with few."""
    kept: dict[str, tuple[str, str, bytes, str]] = field(default_factory=dict)
    """By receipt: person, unit, vector, comment."""
    unsealed: bool = False
    deleted: bool = False
    withdrawn: bool = False
    held: dict[str, str] = field(default_factory=dict)
    """By number of everybody invited, the code of her letter or slip."""
    drawn: list[str] = field(default_factory=list)
    """Spare codes that went out."""
    lettered: set[str] = field(default_factory=set)
    reminded: Counter[str] = field(default_factory=Counter)
    erased: set[str] = field(default_factory=set)
    frozen: str = ""
    """What was frozen at the opening."""

    @property
    def is_sealed(self) -> bool:
        """Whether its answers lie in boxes, or would."""
        return self.sealed and not self.unsealed

    @property
    def receipts(self) -> list[str]:
        """What whoever answered here holds; elsewhere nobody got any."""
        return [] if self.imported else list(self.kept)

    @property
    def by_itself(self) -> dt.datetime:
        """From when on a tick closes it."""
        return min(self.closes_at, self.opens_at + WEEK) if self.rehearsal else self.closes_at + GRACE

    def end(self, at: dt.datetime) -> None:
        """Be closed."""
        self.state, self.closes_at = "closed", at
        self.unspent.clear()
        self.pool.clear()
        if self.rehearsal:
            self.lose()

    def lose(self) -> None:
        """Be without answers for good."""
        self.kept.clear()
        self.deleted = self.unsealed = True

    def over(self, now: dt.datetime, opened: dt.datetime | None) -> bool:
        """Whether a page that was opened then may no longer be sent."""
        grace = opened is not None and opened < self.closes_at and now < self.closes_at + GRACE
        return now >= self.closes_at and not grace

    def due(self, now: dt.datetime) -> bool:
        """Whether its answers are to be deleted."""
        months = self.closes_at.month - 1 + self.months
        year, month = self.closes_at.year + months // 12, months % 12 + 1
        day = min(self.closes_at.day, calendar.monthrange(year, month)[1])
        return self.state in {"closed", "published"} and now >= self.closes_at.replace(year=year, month=month, day=day)

    def hurries(self, now: dt.datetime) -> bool:
        """Whether it holds what a promise says will be destroyed before long."""
        shut = self.is_sealed and self.state != "draft" and not self.deleted
        return self.state == "open" or shut or self.has_due(now)

    def has_due(self, now: dt.datetime) -> bool:
        """Whether anything of it is to be deleted."""
        return self.due(now) and not self.deleted and (bool(self.kept) or self.is_sealed)


@dataclass
class Model:
    """Everything that the product should know, and what it must not."""

    now: dt.datetime = FIRST
    people: dict[str, Someone] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    numbers: int = 100

    @property
    def open(self) -> Round | None:
        """The wave that is open."""
        return next((each for each in self.rounds.values() if each.state == "open"), None)

    def may_open(self, wave: Round) -> bool:
        """Whether a wave can be opened now."""
        real = (each for each in self.rounds.values() if not each.rehearsal and not each.imported)
        last = max((each.opens_at for each in real if each.state != "draft"), default=None)
        turn = wave.rehearsal or last is None or self.now.date() >= (last + APART).date()
        enough = len(self.people) >= wave.k and self.fits(wave.joins, wave.k)
        if wave.rehearsal:
            enough = bool(wave.chosen & {each.number for each in self.people.values() if each.email})
        return wave.state == "draft" and self.open is None and turn and self.now < wave.closes_at and enough

    def fits(self, joins: Sequence[Sequence[str]], k: int) -> bool:
        """Whether groups can be made of today's units: small ones side by side, with enough people together."""
        here = Counter(each.unit for each in self.people.values() if not each.leads)
        among = [unit for group in joins for unit in group]
        return len(among) == len(set(among)) and all(
            len(group) > 1
            and all(unit in self.leaves() and here[unit] for unit in group)
            and len({self.parents[unit] for unit in group}) == 1
            and sum(here[unit] for unit in group) >= k
            for group in joins
        )

    def may_close(self, wave: Round, *, early: bool) -> bool:
        """Whether a wave can be closed now."""
        return wave.state == "open" and (early or wave.rehearsal or self.now >= wave.closes_at + GRACE)

    def may_extend(self, wave: Round, end: dt.datetime) -> bool:
        """Whether a wave can be extended to an end."""
        later = dt.timedelta(0) < end - wave.closes_at <= MOST_EXTENSION
        may = not wave.extended and not wave.rehearsal
        return wave.state == "open" and self.now < wave.closes_at and may and later

    def counted_in(self, receipt: str) -> str | None:
        """The wave in which a receipt was counted, the earliest planned where in several."""
        return next((each.code for each in self.rounds.values() if receipt in each.receipts and not each.deleted), None)

    def answered(self, code: str, receipt: str, opened: dt.datetime | None, *, fit: bool) -> Expected:
        """What whoever sends answers has to be told."""
        made, here = self.codes.get(code), self.open
        before: Expected | None = "AlreadyCounted" if self.counted_in(receipt) else None
        if made is None:
            return before or "Unknown"
        # One code in 32,768 of another wave reads like one of this wave (decision 0010): it is spent, then.
        if here is None or (made.wave != here.code and not belongs_to(code, here.code)):
            return before or ("Closed" if here is None else "OtherWave")
        if here.over(self.now, opened):
            return before or "Closed"
        if not fit:
            return "Refused"
        return "Accepted" if code in here.unspent else before or "Spent"

    # ---- people ------------------------------------------------------------------------------------------------------

    def join(self, unit: str, *, email: bool) -> None:
        """Somebody comes."""
        self.numbers += 1
        number = str(self.numbers)
        self.people[number] = Someone(number, f"P{number}", unit, email=email)

    def merge(self, one: str, other: str) -> None:
        """A unit without units below it goes into another one."""
        self.people = {
            number: replace(
                each, unit=other if each.unit == one else each.unit, leads=each.leads if each.leads != one else ""
            )
            for number, each in self.people.items()
        }
        del self.parents[one]

    def split(self, unit: str, new: str) -> None:
        """Every second one of a unit is in a new one beside it."""
        self.parents[new] = self.parents[unit] or unit
        mine = [each for each in self.people.values() if each.unit == unit and not each.leads]
        self.people |= {each.number: replace(each, unit=new) for each in mine[::2]}

    def leaves(self) -> list[str]:
        """Units without units below them, but for the top."""
        inner = set(self.parents.values())
        return sorted(unit for unit, parent in self.parents.items() if parent and unit not in inner)

    def below(self, unit: str) -> set[str]:
        """A unit and all below it."""
        found = {unit}
        while more := {each for each, parent in self.parents.items() if parent in found} - found:
            found |= more
        return found


def company() -> Model:
    """Return the cast and some more people, so that some of its teams are shown and others are not."""
    found = Model(parents={place.code: place.parent for place in cast.PLACES})
    found.people = {each.number: Someone(each.number, each.name, each.unit, each.leads) for each in cast.MEMBERS}
    for unit, count in {"CHAT": 3, "PHONE": 4, "CARE": 2}.items():
        for place in range(count):
            found.join(unit, email=place % 2 == 0)
    return found


def invited_below(round_: Round, places: Iterable[str] | None = None) -> Mapping[str, int]:
    """How many are invited at each unit of a frozen tree and below it."""
    counts: Counter[str] = Counter()
    for unit in round_.places.values() if places is None else places:
        at: str | None = unit
        while at is not None:
            counts[at] += 1
            at = round_.parents[at]
    return counts
