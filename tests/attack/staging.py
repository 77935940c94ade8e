"""Staged answers: known people who gave known answers in a known order, each in a transaction of its own."""

import csv
import io
import itertools
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, text

from survey.attack.known import Known, parse
from survey.attack.target import Target, opened
from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.instruments.load import builtin
from survey.services.company import Company, set_company
from survey.services.responses.replies import Accepted
from survey.services.roster.people import import_roster, read_roster
from survey.services.waves import waves
from survey.services.waves.wave_plans import WaveDraft
from tests import cast
from tests.cluster import Cluster
from tests.services import rounds
from tests.services.rounds import WAVE

TEAMS: Final = 12
COPIES: Final = 4
"""Copies of the database taken while answers come in."""
LONG: Final = 10
"""One comment in so many is long enough to be kept in pieces of its own."""


@dataclass
class Stage:
    """A wave that is open, with known answers in it; attacks work on branches of it."""

    url: str
    home: Path
    cluster: Cluster | None
    codes: dict[str, str] = field(default_factory=dict)
    """By name, in the order of answering."""
    silent: str = ""
    """The code of somebody who has not answered."""
    receipts: list[str] = field(default_factory=list)
    csv: str = ""
    pepper: bytes = b""
    copies: list[str] = field(default_factory=list)
    """Addresses of the copies taken meanwhile."""
    made: Iterator[int] = field(default_factory=itertools.count)

    @property
    def known(self) -> tuple[Known, ...]:
        """What the auditor knows."""
        return parse(self.csv.encode(), WAVE, builtin().items)

    def copy(self) -> str:
        """Copy the database as it lies there and return the copy's address."""
        if self.cluster is None:
            path = self.home / f"copy-{next(self.made)}.db"
            shutil.copyfile(self.home / "survey.db", path)
            return f"sqlite:///{path}"
        return self.cluster.url(self.cluster.create(self.url.split("/")[3].split("?")[0]))

    @contextmanager
    def branch(self) -> Iterator[Engine]:
        """Give a copy of the database that may be changed."""
        engine = open_engine(self.copy())
        try:
            yield engine
        finally:
            engine.dispose()


def stage(staged: Stage, people: int, wave: WaveDraft, copies: int = 0) -> Stage:
    """Let `people` answer one after the other in an empty installation; the boss does not. Take `copies` meanwhile."""
    engine, home, running = open_engine(staged.url), staged.home, staged.cluster
    invite(engine, people)
    codes = rounds.open_next(engine, home, wave)
    staged.silent = codes["Boss"]
    arrivals = [f"N{n}" for n in range(people)]
    chance = random.Random(people)  # noqa: S311 - the same answers in every run
    chance.shuffle(arrivals)
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(("number", "order", "receipt", "comment", *rounds.FOURS))
    for at, name in enumerate(arrivals):
        staged.codes[name] = codes[name]
        answers: dict[str, int | None] = {item: chance.randint(1, 7) for item in rounds.FOURS}
        said = "".join(chr(chance.randint(0xAC00, 0xD7A3)) for _ in range(1500 if at % LONG == 0 else 30))
        outcome = rounds.answer(engine, rounds.sent(codes[name], said, answers))
        assert isinstance(outcome, Accepted)
        staged.receipts.append(outcome.receipt)
        rows.writerow((name[1:], at, outcome.receipt, said, *answers.values()))
        if copies and (at + 1) % (people // copies) == 0:
            engine.dispose()  # a PostgreSQL database that somebody uses cannot be copied
            staged.copies.append(staged.copy())
    staged.csv = table.getvalue()
    with reading(engine) as session:
        staged.pepper = waves.wave(session, WAVE).pepper or b""
    if running is not None:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
    engine.dispose()
    return staged


def invite(engine: Engine, people: int) -> None:
    """Put that many people into teams of a company."""
    rows = "".join(f"{n},N{n},n{n}@example.com,ko,T{n % TEAMS},CO\n" for n in range(people))
    with writing(engine) as session:
        roster = f"number,name,email,language,unit,parent\nboss,Boss,,ko,CO,\n{rows}"
        set_company(session, Company("등대상사", "Lighthouse Trading", "ko", "team", second_step="nobody"))
        import_roster(session, read_roster(roster.encode(), "roster.csv"), cast.TODAY)


@contextmanager
def attacked(engine: Engine, home: Path | None = None) -> Iterator[Target]:
    """Give a database as an insider sees it, its files written out."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("CHECKPOINT"))
    with opened(engine.url.render_as_string(hide_password=False), home) as target:
        yield target


def numbers(target: Target) -> dict[str, int]:
    """Return each person's place in the roster."""
    return {row["number"]: at for at, row in enumerate(target.rows("SELECT number FROM person ORDER BY id"))}
