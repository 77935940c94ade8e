"""The drill: people answer over HTTP, things are killed at random, and afterwards everything must add up."""

import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import select

from benchmarks.intake.installation import WAVE, Installation, install
from benchmarks.intake.servers import family
from survey.database import engine as open_engine
from survey.database import reading, writing
from survey.models import RosterEntry, Spare
from survey.services.invitations import issue_key
from survey.services.invitations.codes import code_for
from survey.services.waves import closing
from survey.web.clock import now
from tests.kills import reckoning
from tests.kills.ledger import Ledger
from tests.kills.serving import PRODUCT, Service, go_on, kill, stop
from tests.kills.stores import PostgresStore, SqliteStore, Store, arrived, damage
from tests.services.hosts import until
from tests.services.mail_process import ROOT

ROUND: Final = 25
"""Kills until a wave closes and another company opens one."""
PEOPLE: Final = 60
"""For each kill."""
STEPS: Final = 20
"""Thanks, at most, between two kills."""
SPARES: Final = 20
"""Spare codes that are used as well, and people who never answer."""
COPIED: Final = 0.25
"""The share of kills on SQLite before which the disk is copied."""
SEEN: Final = ("sent", "thanked", "broken", "no patience", "used")
"""What a summary tells of what the clients saw."""


@dataclass
class Tally:
    """What came of it."""

    kills: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    again: int = 0
    """Pages that were sent more than once."""
    copies: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add another round."""
        self.kills += other.kills
        self.seen += other.seen
        self.answers += other.answers
        self.again += other.again
        self.copies += other.copies
        self.wrong += other.wrong

    def __str__(self) -> str:
        """Tell it in a line."""
        kills = ", ".join(f"{kind} {count}" for kind, count in sorted(self.kills.items()))
        seen = ", ".join(f"{what} {self.seen[what]:,}" for what in SEEN)
        copies = f"; {self.copies} copies of the disk" if self.copies else ""
        found = "; ".join(self.wrong) or "nothing lost, nothing doubled"
        return (
            f"{self.kills.total():,} kills ({kills}); {self.answers:,} answers kept, {self.again:,} of them sent more "
            f"than once; {seen}{copies}: {found}"
        )


class Round:
    """One company whose people answer, until a number of things was killed."""

    def __init__(self, folder: Path, store: Store, seed: str, kinds: Sequence[str], product: str = PRODUCT) -> None:
        self.store, self.kinds, self.seed, self._folder = store, kinds, seed, folder
        self.chance = random.Random(seed)  # noqa: S311 - repeatable
        self.here = install(folder / "home", store.url, PEOPLE * len(kinds))
        self.codes = codes(self.here)
        self.ledger = Ledger(folder / "ledger")
        self.service = Service(self.here, folder / "log", product)
        self.tally = Tally()

    def run(self) -> Tally:
        """Do it all; return what came of it."""
        try:
            with self._people() as people:
                for kind in self.kinds:
                    self._some_more()
                    self._look_at_the_disk()
                    self._strike(kind)
                    self.tally.kills[kind] += 1
                self._some_more()
                assert people.stdin is not None
                people.stdin.write("enough\n")
                people.stdin.flush()
                self._until(lambda: people.poll() is not None)
            self._add_up()
        finally:
            self.service.end()
        return self.tally

    @contextmanager
    def _people(self) -> Iterator["subprocess.Popen[str]"]:
        """Let them answer, all of them but a few who never do."""
        command = [
            sys.executable,
            "-m",
            "tests.kills.clients",
            str(self.service.port),
            str(self.ledger.path),
            self.seed,
        ]
        some = self.chance.sample(sorted(self.codes), k=len(self.codes) - SPARES)
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, text=True) as people:  # noqa: S603 - our own
            assert people.stdin is not None
            people.stdin.write(f"{json.dumps(some)}\n")
            people.stdin.flush()
            try:
                yield people
            finally:
                people.kill()

    def _some_more(self) -> None:
        """Wait for a few thanks."""
        enough = self.ledger.read()["thanked"] + self.chance.randint(1, STEPS)
        self._until(lambda: self.ledger.read()["thanked"] >= enough)

    def _until(self, true: Callable[[], bool]) -> None:
        """Wait until something is so; what ends meanwhile is started again."""

        def looked() -> bool:
            self.service.keep()
            return true()

        until(looked)

    def _strike(self, kind: str) -> None:
        match kind:
            case "worker":
                kill(self.chance.choice(self._workers()))
            case "writer":
                kill(self._writer())
            case "stall":
                self._stall(lambda: self.ledger.read()["no patience"] + self.ledger.read()["broken"])
            case "wait":
                self._stall(self.service.failures)
            case "master":
                self.service.kill_master()
            case "group":
                self.service.kill_all()
            case "backend" if isinstance(self.store, PostgresStore):
                self.store.kill_backend(self.chance.random())
            case "server" if isinstance(self.store, PostgresStore):
                self.store.restart()
            case _:
                raise ValueError(kind)

    def _stall(self, noticed: Callable[[], int]) -> None:
        """Hold a worker still that is writing, until others have waited for longer than they do."""
        held = self._writer()
        before, others = noticed(), self.ledger.read()["thanked"] + 2 * STEPS
        # On PostgreSQL nobody waits for it but whoever asked it, and she may have gone.
        # One who gives no sign of life for a minute is killed by the parent.
        self._until(
            lambda: noticed() > before or self.ledger.read()["thanked"] > others or held not in self.service.workers()
        )
        go_on(held)

    def _writer(self) -> int:
        """Hold a worker still while it is writing."""
        found: list[int] = []

        def caught() -> bool:
            workers = self.service.workers()
            self.chance.shuffle(workers)
            held = self.store.writer(workers)
            found.extend([held] if held else [])
            return bool(found)

        self._until(caught)
        return found[0]

    def _workers(self) -> list[int]:
        self._until(lambda: bool(self.service.workers()))
        return self.service.workers()

    def _look_at_the_disk(self) -> None:
        """See what lay on the disk if all ended at this moment: it holds what was acknowledged."""
        if not isinstance(self.store, SqliteStore) or self.chance.random() >= COPIED:
            return
        held = [pid for pid in family(self.service.master) if stop(pid)]
        receipts = self.ledger.receipts()
        with tempfile.TemporaryDirectory(dir=self._folder) as where:
            copied = self.store.copy(Path(where))
            for pid in held:
                go_on(pid)
            self.tally.wrong += [f"a copy of the disk: {each}" for each in damage(copied)]
            missing = len(receipts - arrived(copied, receipts))
        self.tally.wrong += [f"{missing} acknowledged answers are not in a copy of the disk"] if missing else []
        self.tally.copies += 1

    def _add_up(self) -> None:
        """See that everything is there once, close the wave, and see it again."""
        wrong, receipts = self.tally.wrong, sorted(self.ledger.receipts())
        wrong += [f"receipt {each} is not known" for each in reckoning.unknown(self.service.port, receipts)]
        wrong += self.store.damage()
        engine = open_engine(self.store.url)
        with reading(engine) as session:
            before = reckoning.kept(session)
        wrong += reckoning.while_open(before, self.ledger, self.here.pepper, self.codes)
        with writing(engine) as session:
            closing.close(session, WAVE, now(), early=True)
        with reading(engine) as session:
            wrong += reckoning.after_close(session, before, self.ledger)
        engine.dispose()
        wrong += self.store.damage()
        self.tally.answers, self.tally.seen = len(before.rows), self.ledger.read()
        self.tally.again = self.ledger.sent_again()


def codes(here: Installation) -> dict[str, str]:
    """Return the codes that people can answer with, each with the unit for which it counts: letters' and spares."""
    engine, key = open_engine(here.url), issue_key.read(here.home, WAVE)
    with reading(engine) as session:
        people = session.execute(select(RosterEntry.person_id, RosterEntry.report_unit)).all()
        spares = session.execute(select(Spare.code, Spare.report_unit).order_by(Spare.code).limit(SPARES)).all()
    engine.dispose()
    return {code_for(key, WAVE, person): unit for person, unit in people} | dict(spares)


def drill(folder: Path, store: Callable[[Path], Store], kills: int, seed: int) -> Tally:
    """Kill so many things, of one company after another; say after each how it stands, which pytest shows with -s."""
    whole, chance = Tally(), random.Random(seed)  # noqa: S311 - repeatable
    for number, done in enumerate(range(0, kills, ROUND)):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            made = store(Path(place) / "home")
            kinds = list(Counter(made.kinds).elements())
            chance.shuffle(kinds)
            whole.add(Round(Path(place), made, f"{seed} {number}", kinds[: kills - done]).run())
        sys.stderr.write(f"{made.name}, seed {seed}, {whole}\n")
    return whole
