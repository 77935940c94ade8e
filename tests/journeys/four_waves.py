"""A company of about sixty people over four waves, through the services that serve real ones.

    CO             Cy (HR)
    |-- SALES      Ada leads it: NORTH, SOUTH, EAST
    |-- CARE       Bo leads it: PHONE, CHAT
    `-- LAB

People leave, join and move after each wave; before the third the company is reorganised: SOUTH goes to CARE, CHAT is
dissolved, and EAST and PHONE exchange people under the same codes.
"""

import csv
import datetime as dt
import io
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, select

from survey.database import reading, writing
from survey.instruments.load import builtin
from survey.models import Person, RosterEntry, SecondCut, Wave, WaveUnit
from survey.privacy.thaw import Publication
from survey.services.marks import UnitMark, note_mark
from survey.services.outcomes import measures, outcomes
from survey.services.practices import register
from survey.services.publication import publication, second_cuts
from survey.services.responses.replies import Accepted
from survey.services.roster import people
from survey.services.waves.wave_plans import WaveDraft
from tests import cast
from tests.services import rounds

WAVES: Final = ("2026-Q4", "2027-Q1", "2027-Q2", "2027-Q3")
PARENTS: Final = {
    "CO": "",
    "SALES": "CO",
    "CARE": "CO",
    "LAB": "CO",
    "NORTH": "SALES",
    "SOUTH": "SALES",
    "EAST": "SALES",
    "PHONE": "CARE",
    "CHAT": "CARE",
}
SIZES: Final = {"NORTH": 13, "SOUTH": 5, "EAST": 6, "PHONE": 12, "CHAT": 3, "LAB": 11, "SALES": 2, "CO": 3}
LEADS: Final = {"Ada": "SALES", "Bo": "CARE"}
CUT: Final = "as-in-spring"
THEN: Final = {"NORTH": "NS", "EAST": "NS", "PHONE": "CS", "SOUTH": "CS", "LAB": "CS"}
"""Where the units of the first wave would lie after the reorganisation."""
ENDS: Final = dt.timedelta(days=15)


@dataclass(frozen=True)
class Asked:
    """What is known of a wave besides what is published."""

    parents: Mapping[str, str | None]
    homes: Mapping[str, str]
    """By name, the unit of the frozen tree."""
    answers: Mapping[str, Mapping[str, int | None]]
    """By name, of those who answered."""


def published(engine: Engine, home: Path) -> tuple[list[Publication], bytes, list[Asked]]:
    """Ask four times, publish each, cut the first a second time; return what was published, and what was so."""
    with writing(engine) as session:
        cast.load(session)
    draw = random.Random(4)  # noqa: S311 - drawn answers are no secret
    homes = {**{name: LEADS[name] for name in LEADS}, "Cy": "CO"}
    homes |= {f"{unit}{number:02}": unit for unit, size in SIZES.items() for number in range(size)}
    parents, found, asked = dict(PARENTS), list[Publication](), list[Asked]()
    for number, code in enumerate(WAVES):
        if number:
            _live(homes, draw, number)
        if number == 2:
            _reorganise(homes, parents)
        opens = cast.NOW + dt.timedelta(days=91 * number)
        _roster(engine, homes, parents, opens.date())
        answers = _answer(engine, home, code, opens, draw)
        with reading(engine) as session:
            asked.append(Asked(*_frozen(engine, code), answers))
        rounds.close(engine, opens + ENDS, code)
        _count(engine, opens, parents)
        with writing(engine) as session:
            found.append(publication.publish(session, code, opens + ENDS))
    return found, _cut(engine, opens + 2 * ENDS), asked


def _count(engine: Engine, opens: dt.datetime, units: Mapping[str, str]) -> None:
    """Bring in what was counted of every unit in the month after the wave before, and mark a new tool."""
    csat = measures.Measure("csat", {"ko": "고객 만족도", "en": "Customer satisfaction"}, "higher")
    month = f"{opens - dt.timedelta(days=45):%Y-%m}"
    rows = [f"{unit},{month},csat,{60 + place + opens.month / 8}" for place, unit in enumerate(units)]
    with writing(engine) as session:
        if not measures.measures(session):
            measures.note(session, csat, opens)
            measures.declare(session, csat.code, opens)
        text = "\n".join(["unit,period,measure,value", *rows])
        outcomes.bring_in(session, outcomes.preview(session, text.encode(), "csat.csv", opens.date()), opens)
        note_mark(session, UnitMark("NORTH", opens.date() - dt.timedelta(days=30), "tool", "Chat"))
        register.adopt(session, register.Adoption("NORTH", "stand_ups", opens.date() - dt.timedelta(days=30), "Di"))


def _cut(engine: Engine, now: dt.datetime) -> bytes:
    """Group the first wave's units as they hang after the reorganisation."""
    rows = ["unit,group,name,name_en", *(f"{unit},{group},{group} 묶음,{group} then" for unit, group in THEN.items())]
    with writing(engine) as session:
        second_cuts.make(session, WAVES[0], second_cuts.Grouping(CUT, "\n".join(rows).encode(), "cut.csv"), now)
    with reading(engine) as session:
        return session.scalars(select(SecondCut.record)).one()


def _live(homes: dict[str, str], draw: random.Random, number: int) -> None:
    ordinary = [name for name in homes if name not in {*LEADS, "Cy"}]
    gone, moved = draw.sample(ordinary, 3), draw.sample(ordinary, 3)
    homes |= {name: draw.choice(("NORTH", "LAB", "PHONE")) for name in moved}
    for name in gone:
        homes.pop(name)
    homes |= {f"NEW{number}{place}": draw.choice(("SOUTH", "EAST", "LAB")) for place in range(4)}


def _reorganise(homes: dict[str, str], parents: dict[str, str]) -> None:
    parents["SOUTH"] = "CARE"
    parents.pop("CHAT")
    swap = {"CHAT": "SOUTH", "EAST": "PHONE", "PHONE": "EAST"}
    for name in sorted(homes)[::2]:
        homes[name] = swap.get(homes[name], homes[name])
    homes |= {name: "SOUTH" for name, unit in homes.items() if unit == "CHAT"}


def _roster(engine: Engine, homes: Mapping[str, str], parents: Mapping[str, str], today: dt.date) -> None:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(cast.HEADINGS)
    for unit, parent in parents.items():
        rows.writerow(("", "", "", "", unit, parent, f"{unit} 팀", f"Team {unit}", "", ""))
    for name, unit in homes.items():
        who = (name, name, f"{name.lower()}@example.com", "ko")
        rows.writerow((*who, unit, parents[unit], f"{unit} 팀", f"Team {unit}", "", LEADS.get(name, "")))
    table = people.read_roster(text.getvalue().encode(), "roster.csv")
    with writing(engine) as session:
        people.import_roster(session, table, today)


def _answer(
    engine: Engine, home: Path, code: str, opens: dt.datetime, draw: random.Random
) -> dict[str, dict[str, int | None]]:
    plan = WaveDraft(
        code=code, opens_at=opens, closes_at=opens + dt.timedelta(days=14), practices=("stand_ups", "free_script")
    )
    answers: dict[str, dict[str, int | None]] = {}
    for name, ticket in rounds.open_next(engine, home, plan).items():
        if draw.random() < 0.85:
            answers[name] = {item.id: _given(draw) for item in builtin().asked(plan.practices)}
            reply = rounds.answer(engine, rounds.sent(ticket, answers=answers[name]), opens)
            assert isinstance(reply, Accepted)
    return answers


def _given(draw: random.Random) -> int | None:
    return None if draw.random() < 0.01 else min(7, max(1, round(draw.gauss(4.3, 1.6))))


def _frozen(engine: Engine, code: str) -> tuple[dict[str, str | None], dict[str, str]]:
    with reading(engine) as session:
        wave = session.scalars(select(Wave).where(Wave.code == code)).one()
        units = session.scalars(select(WaveUnit).where(WaveUnit.wave_id == wave.id))
        parents = {unit.code: unit.parent_code for unit in units}
        entries = select(Person.name, RosterEntry.report_unit).join(RosterEntry).where(RosterEntry.wave_id == wave.id)
        return parents, dict(iter(session.execute(entries)))
