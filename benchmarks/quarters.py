"""A company of any size that lives through quarters by the product's own services; what other benchmarks measure on.

Teams of seven to twelve people in groups of ten, divisions of a hundred, areas of a thousand; one of each team leads
it and so answers in the leads' group above. Four of five answer. Teams, groups and people differ: units that can be
told apart, and motives and performance that go together, have to be there for the work to be all there.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Table, func, insert, select, text
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.instruments.answers import SKIPPED
from survey.instruments.load import builtin
from survey.models import Base, RosterEntry, Unit, Wave
from survey.services.publication import publication
from survey.services.responses import responses
from survey.services.waves import closing, opening, wave_plans
from tests import cast

TOP: Final = "CO"
WIDTH: Final = 10
"""Units below each unit."""
ANSWER: Final = 0.8
BATCH: Final = 50_000
FIRST: Final = cast.NOW
QUARTER: Final = dt.timedelta(days=91)
LASTS: Final = dt.timedelta(days=14)

Row = tuple[Any, ...]


def bulk(session: Session, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert many rows, on PostgreSQL by COPY."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        names = ", ".join(columns)
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    session.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])


def tree(teams: int) -> list[tuple[str, str]]:
    """Return units with what is above them, parents first: as many levels as it takes to hold the teams."""
    level, levels = [f"T{n:06}" for n in range(teams)], list[list[tuple[str, str]]]()
    for letter in "GDAB":
        if len(level) <= WIDTH:
            break
        above = [f"{letter}{n:05}" for n in range((len(level) + WIDTH - 1) // WIDTH)]
        levels.append([(code, above[n // WIDTH]) for n, code in enumerate(level)])
        level = above
    levels.append([(code, TOP) for code in level])
    return [unit for each in reversed(levels) for unit in each]


def settle(engine: Engine, teams: int) -> int:
    """Load the cast with its accounts, and the company beside it; return how many people work there."""
    with writing(engine) as session:
        cast.load(session)
    random = np.random.default_rng(teams)
    units = tree(teams)
    kinds = {"T": "team", "G": "group", "D": "division"}
    people = [
        (f"{code}-{n}", f"Person {n} of {code}", f"{code}.{n}@example.com".lower(), ("ko", "en")[n % 5 == 0], code)
        + ((code,) if n == 0 else (None,))
        for code, size in zip((f"T{n:06}" for n in range(teams)), random.integers(8, 13, teams).tolist(), strict=True)
        for n in range(size)
    ]
    tables = Base.metadata.tables
    with writing(engine) as session:
        columns = ("code", "parent_code", "name_ko", "name_en", "kind")
        # COPY checks foreign keys once, at its end.
        rows = [(code, above, f"부서 {code}", f"Unit {code}", kinds.get(code[0], "")) for code, above in units]
        bulk(session, tables[Unit.__tablename__], columns, rows)
        person = ("number", "name", "email", "language", "unit_code", "leads_code", "valid_from")
        bulk(session, tables["person"], person, ((*each, cast.TODAY) for each in people))
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("ANALYZE"))
    return len(people)


def code_of(number: int) -> str:
    """Return what the wave of a quarter is called."""
    return f"W{number + 1:02}"


def open_wave(engine: Engine, home: Path, number: int = 0) -> None:
    """Plan the wave of a quarter and open it."""
    opens = FIRST + number * QUARTER
    with writing(engine) as session:
        plan = wave_plans.WaveDraft(code=code_of(number), opens_at=opens, closes_at=opens + LASTS)
        wave_plans.draft(session, plan, opens)
        opening.open_wave(session, plan.code, opens, home)


def answer(engine: Engine, number: int = 0) -> int:
    """Let four of five of everybody answer; return how many did. As rows: one by one is what intake measures."""
    with writing(engine) as session:
        wave = session.scalars(select(Wave).where(Wave.code == code_of(number))).one()
        placed = session.execute(
            select(RosterEntry.report_unit, func.count())
            .where(RosterEntry.wave_id == wave.id)
            .group_by(RosterEntry.report_unit)
            .order_by(RosterEntry.report_unit)
        ).all()
        random = np.random.default_rng(number)
        counts = random.binomial([count for _, count in placed], ANSWER)
        vectors = drawn(counts, random)
        units = np.repeat([unit for unit, _ in placed], counts).tolist()
        hashes = (secrets.token_bytes(32) for _ in units)
        rows = (
            (key, wave.id, unit, bytes(vector), "") for key, unit, vector in zip(hashes, units, vectors, strict=True)
        )
        columns = ("receipt_hash", "wave_id", "report_unit", "answers", "comment")
        bulk(session, Base.metadata.tables["intake"], columns, rows)
    return len(units)


def drawn(counts: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.uint8]:
    """Draw answers: what people of a unit share, what is a person's own, and chance; practices are not asked."""
    items = builtin().items
    unit, own = np.repeat(random.normal(0, 0.5, len(counts)), counts), random.normal(0, 0.8, int(counts.sum()))
    order = np.repeat(random.normal(0, 0.4, len(counts)), counts) + random.normal(0, 0.6, len(own))
    table = np.full((len(own), len(items)), SKIPPED, dtype=np.uint8)
    asked = {item.id for item in builtin().asked(())}
    for place, item in enumerate(items):
        if item.id in asked:
            scale = builtin().scale(item.scale)
            sign = -0.8 if scale.direction == "indirect" else 1.0
            mood = order + 0.2 * unit if scale.kind == "behaviour" else sign * (unit + own)
            table[:, place] = np.clip(np.rint(4.2 + mood + random.normal(0, 1, len(own))), item.min, item.max)
    return table


def close(engine: Engine, number: int = 0) -> None:
    """Close the wave of a quarter."""
    with writing(engine) as session:
        closing.close(session, code_of(number), FIRST + number * QUARTER + LASTS + responses.GRACE)


def publish(engine: Engine, number: int = 0) -> int:
    """Publish it; return how many units it has."""
    with writing(engine) as session:
        return len(publication.publish(session, code_of(number), FIRST + number * QUARTER + 2 * LASTS).units)


def published(engine: Engine) -> list[str]:
    """Return the codes of the waves that are published."""
    with reading(engine) as session:
        return list(session.scalars(select(Wave.code).where(Wave.state == "published").order_by(Wave.opens_at)))
