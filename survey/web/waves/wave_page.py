"""What the pages of a wave show, put together from the services."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import abort

from survey.i18n import Refused, day
from survey.runs.letters import LETTERS, REMINDERS
from survey.runs.report_files import any_ready
from survey.services.invitations import invitations, leftovers, reminders, spares
from survey.services.invitations.invitations import Progress
from survey.services.invitations.spares import Drawing
from survey.services.publication.notices import Withdrawn
from survey.services.roster.people import count_today
from survey.services.runs import NONE, Key, Run
from survey.services.sealing import sealing
from survey.services.waves import checklist, frozen, participation, waves
from survey.services.waves.checklist import Check
from survey.services.waves.freezing import FrozenUnit
from survey.services.waves.frozen import freeze_roster
from survey.web.clock import day_of, now, start_of
from survey.web.database import db
from survey.web.language import language
from survey.web.results import publication_or_404
from survey.web.site import run, settings
from survey.web.trees import Branch, Node, ordered
from survey.web.waves.extensions import Longer, longer
from survey.web.waves.flow import Facts, Step, steps
from survey.web.waves.plan_items import Asked, asked
from survey.web.waves.wave_facts import WaveFacts, foreseen, wave_facts, wave_or_404

__all__ = [
    "Line",
    "NextReminder",
    "WaveFacts",
    "WavePage",
    "before_the_first",
    "flow_facts",
    "foreseen",
    "next_code",
    "opening",
    "wave_facts",
    "wave_or_404",
    "wave_page",
]

UNLIKELY: Final = 8
"""Invited people below which results are unlikely: a few always stay away (design 6.1)."""


@dataclass(frozen=True)
class Line:
    """A unit of the frozen tree: how many were invited here and below, and how many of them take part, as a band."""

    branch: Branch
    band: str
    unlikely: bool


@dataclass(frozen=True)
class NextReminder:
    """Which reminder comes next, and whether it may go out now."""

    number: int
    waiting: int
    letters: int
    sent: int
    day: str
    now: bool
    after_end: bool


@dataclass(frozen=True)
class WavePage:
    """One wave, with the step that comes next."""

    wave: WaveFacts
    steps: tuple[Step, ...]
    step: str
    """The step that comes now, or ""."""
    lines: tuple[Line, ...]
    letters: Progress | None
    sending: Run
    """The last run of its letters."""
    unit_names: dict[str, str]
    """By code, in the reader's language."""
    people: int
    """Invited, or in today's roster before the opening."""
    reminders: NextReminder | None = None
    reminding: Run = NONE
    """The last run of its reminders."""
    spares: Drawing | None = None
    without_code: int = 0
    """People for whom no code went out before the key was destroyed: none can be made any more."""
    leftovers: Mapping[str, int] = field(default_factory=dict)
    """Slips that were handed in, by unit."""
    checks: tuple[Check, ...] = ()
    """What should be in order before the opening."""
    seen_by_units: Counter[str] | None = None
    longer: Longer | None = None
    asked: Asked | None = None
    """What it asks."""


def wave_page(code: str) -> WavePage:
    """Return a wave's page; 404 where there is no such wave."""
    wave = wave_or_404(code)
    facts = wave_facts(wave)
    tree = frozen.frozen_tree(db(), wave)
    bands = participation.bands(db(), wave)
    letters = invitations.progress(db(), code, settings().keys) if facts.native and wave.state == "open" else None
    flow = steps(flow_facts(wave, letters))
    return WavePage(
        wave=facts,
        steps=flow,
        step=next((step.name for step in flow if step.state == "now"), ""),
        lines=_lines(tree, bands),
        letters=letters,
        sending=run(Key(LETTERS.name, code)),
        unit_names={unit.code: unit.names[language()] for unit in tree},
        people=sum(unit.invited for unit in tree) or count_today(db()),
        asked=asked(wave),
        reminders=_next_reminder(wave) if letters else None,
        reminding=run(Key(REMINDERS.name, code)),
        spares=spares.drawing(db(), wave),
        without_code=_waiting(letters) if letters and not letters.codes_can_be_made else 0,
        longer=longer(wave),
        leftovers=leftovers.returned(db(), wave) if letters and letters.sheets else {},
    )


def opening(code: str) -> WavePage:
    """Return the page that says what opening will fix: the tree as it would be frozen from today's roster."""
    wave = wave_or_404(code)
    if wave.state != "draft":
        abort(404)
    try:
        tree = freeze_roster(db(), wave).units
    except Refused:
        tree = ()  # opening would be refused with the reason
    return WavePage(
        wave=wave_facts(wave),
        steps=(),
        step="open",
        lines=_lines(tree, {}),
        letters=None,
        sending=NONE,
        unit_names={},
        people=count_today(db()),
        asked=asked(wave),
        checks=checklist.checklist(db(), wave, settings(), now()),
        seen_by_units=foreseen(wave),
    )


def before_the_first() -> tuple[Step, ...]:
    """Return the flow of the time before the first wave."""
    return steps(Facts(count_today(db()), "", ""))


def flow_facts(wave: waves.Wave, letters: Progress | None) -> Facts:
    """Return what the flow of a wave depends on; `letters` is None where none go out now."""
    return Facts(
        people=count_today(db()),
        wave=wave.code,
        state=wave.state,
        native=wave.kind == "native",
        sealed=wave.sealed,
        locked=sealing.is_sealed(wave),
        letters_waiting=letters is not None and letters.codes_can_be_made and _waiting(letters) > 0,
        reports_made=wave.state == "published" and _reports_made(wave.code),
    )


def _reports_made(code: str) -> bool:
    """Tell whether nothing is left to print; nothing is of results that were withdrawn.

    Where the store cannot be asked the page of the reports says why: the wave's own is no place for it.
    """
    try:
        return any_ready(settings(), publication_or_404(code))
    except Withdrawn:
        return True
    except Refused:
        return False


def next_code(today: dt.date, taken: Collection[str]) -> str:
    """Propose a name: this quarter, or the first one after it that is free.

    >>> next_code(dt.date(2026, 11, 22), taken=[]), next_code(dt.date(2026, 11, 22), taken=["2026-Q4"])
    ('2026-Q4', '2027-Q1')
    """
    quarters = (divmod(today.year * 4 + (today.month - 1) // 3 + later, 4) for later in range(len(taken) + 1))
    return next(code for year, quarter in quarters if (code := f"{year}-Q{quarter + 1}") not in taken)


def _next_reminder(wave: waves.Wave) -> NextReminder:
    due = reminders.due(db(), wave, now())
    return NextReminder(
        number=due.number,
        waiting=due.waiting,
        letters=due.letters,
        sent=due.sent,
        day=day(due.on, language()),
        now=due.on <= day_of(now()),
        after_end=start_of(due.on) >= wave.closes_at or now() >= wave.closes_at,
    )


def _waiting(progress: Progress) -> int:
    """Return how many people no code has gone out to."""
    printed = sum(count for unit, count in progress.sheets.items() if unit not in progress.sheets_drawn)
    return progress.letters - progress.letters_accepted + printed


def _lines(tree: tuple[FrozenUnit, ...], bands: dict[str, str]) -> tuple[Line, ...]:
    nodes = [Node(unit.code, unit.parent, unit.names) for unit in tree]
    branches = ordered(nodes, {unit.code: unit.invited for unit in tree})
    return tuple(Line(branch, bands.get(branch.node.code, ""), branch.below < UNLIKELY) for branch in branches)
