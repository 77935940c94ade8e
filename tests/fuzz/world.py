"""A real installation beside its model: a database, a home, letters; transactions that fail in the middle, restarts."""

import datetime as dt
import functools
import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, Final, TypeVar

from nacl.public import PrivateKey
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from survey.database import engine as open_engine
from survey.database import writing
from survey.i18n import Refused
from survey.mail import Letter, Post
from survey.models import Base
from survey.privacy.lately import Lately
from survey.services.invitations.sending import Outbox
from survey.services.roster import people
from survey.services.sealing import keyholders
from survey.services.sealing.key_text import public_text
from survey.spreadsheets import as_csv
from tests import cast
from tests.fuzz.model import Model, Round, company
from tests.fuzz.trying import said

T = TypeVar("T")
Seen = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
"""By table, its columns and its rows."""
LOG: Final = "audit_entry"
SAME: Final = ("survey.i18n", "survey.instruments", "survey.forms")
"""Read from files that no wave changes: to read them again would only take time."""
ANSWERING: Final = frozenset({"token", "intake"})
"""The tables that an answer may change."""


class MiddleError(Exception):
    """The power went in the middle of a transaction."""


class Postbox(Post):
    """Takes every letter."""

    def __init__(self) -> None:
        super().__init__("hr@example.com")
        self.letters: list[Letter] = []

    def send(self, letter: Letter, now: dt.datetime) -> None:
        """Take a letter, as a mail server would see it."""
        self.message(letter, now)
        self.letters.append(letter)


class World:
    """An installation, and what is known of it."""

    def __init__(self, url: str, home: Path) -> None:
        self.url, self.home = url, home
        self.engine: Engine = open_engine(url)
        self.model: Model = company()
        self.post = Postbox()
        self._seen: Seen = {}
        self.fail_at = 0
        """Which statement of the next transaction fails; 0 for none."""
        self.publications: dict[str, bytes] = {}
        """By wave and unit, what was published, as it was seen first."""
        self.earlier: list[tuple[dict[str, bytes], list[Round]]] = []
        """What had been published, and of whom, where an older backup was put back since: people remember it."""
        *self.keys, self.stranger = (PrivateKey(bytes([place]) * 32) for place in (7, 8, 9))
        with writing(self.engine) as session:
            cast.load(session)
            for place, key in enumerate(self.keys):
                keyholders.add(session, f"Holder {place}", public_text(bytes(key.public_key)), self.now)
        self.bring_in()

    @property
    def now(self) -> dt.datetime:
        """What the clock says."""
        return self.model.now

    @property
    def outbox(self) -> Outbox:
        """Where letters go."""
        return Outbox(self.home, "https://survey.example.com", self.post)

    def close(self) -> None:
        """Let the database go."""
        self.engine.dispose()

    # ---- doing -------------------------------------------------------------------------------------------------------

    def do(self, act: Callable[[Session], T], *, expected: bool) -> T | None:
        """Do something in one transaction: as the model says, all of it or nothing."""
        before = self.digests()
        if self.fail_at:
            self.try_in_vain(act, before)
        try:
            with writing(self.engine) as session:
                found = act(session)
        except Refused as refused:
            why = " | ".join(said(refused.sentence))
        else:
            assert expected, "was not refused"
            return found
        assert not expected, why
        assert _without(self.digests(), LOG) == _without(before, LOG)
        return None

    def try_in_vain(self, act: Callable[[Session], T], before: Mapping[str, str]) -> None:
        """Begin, and let one of the statements fail; nothing of it may stay."""
        at, self.fail_at = self.fail_at, 0
        try:
            with failing(at), writing(self.engine) as session:
                act(session)
                session.rollback()  # it has fewer statements
        except (MiddleError, Refused):
            assert _without(self.digests(), LOG) == _without(before, LOG), "something stayed of it"

    def tries(self, act: Callable[[], T], *, expected: bool | None = None) -> T | None:
        """Do something that makes transactions of its own; None where it was refused."""
        self.fail_at = 0
        try:
            found = act()
        except Refused as refused:
            why = " | ".join(said(refused.sentence))
        else:
            assert expected is not False, "was not refused"
            return found
        assert expected is not True, why
        return None

    def restart(self) -> None:
        """End the process and begin anew: connections are new, and nothing is remembered."""
        self.lives_at(self.url, self.home)

    def lives_at(self, url: str, home: Path) -> None:
        """Begin anew beside another database."""
        self.engine.dispose()
        forget_all()
        self.url, self.home = url, home
        self.engine = open_engine(url)

    def came_back(self, model: Model, publications: Mapping[str, bytes]) -> None:
        """Be what was backed up; what was published since stays known."""
        gone = {name: record for name, record in self.publications.items() if publications.get(name) != record}
        if gone:
            self.earlier.append((dict(self.publications), deepcopy(list(self.model.rounds.values()))))
        self.model, self.publications = model, dict(publications)

    def bring_in(self) -> None:
        """Import today's roster."""
        model = self.model
        rows = [list(cast.HEADINGS)]
        for unit, parent in model.parents.items():
            rows.append(["", "", "", "", unit, parent, model.names.get(unit, f"{unit} 팀"), "", "", ""])
        for each in model.people.values():
            who = [each.number, each.name, each.address, each.language]
            rows.append([*who, each.unit, model.parents[each.unit], "", "", "", each.leads])
        table = people.read_roster(as_csv(rows), "roster.csv")
        self.do(lambda session: people.import_roster(session, table, self.now.date()), expected=True)

    # ---- looking -----------------------------------------------------------------------------------------------------

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return columns of a table, or all of them, the same on either kind of database."""
        names, found = (self._seen or self._look(table))[table]
        places = [names.index(name) for name in columns]
        return [tuple(row[place] for place in places) for row in found] if columns else found

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look at everything once, for many questions."""
        self._seen = self._look(*Base.metadata.tables)
        try:
            yield
        finally:
            self._seen = {}

    def _look(self, *tables: str) -> Seen:
        with self.engine.connect() as connection:
            found = {}
            for name in tables:
                rows = connection.execute(select(Base.metadata.tables[name]))
                found[name] = list(rows.keys()), [tuple(row) for row in rows]
            return found

    def digests(self) -> dict[str, str]:
        """Return a digest of every table, the same on either kind of database."""
        return {name: _digest(rows) for name, (_, rows) in self._look(*Base.metadata.tables).items()}


def _digest(rows: list[tuple[Any, ...]]) -> str:
    return hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()


def _without(digests: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: digest for name, digest in digests.items() if name not in names}


@contextmanager
def failing(at: int) -> Iterator[None]:
    """Let the `at`-th statement fail that is sent to any database meanwhile."""
    count = 0

    def sent(*_facts: object) -> None:
        nonlocal count
        count += 1
        if count == at:
            raise MiddleError

    event.listen(Engine, "before_cursor_execute", sent)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", sent)


def forget_all() -> None:
    """Empty every cache of the product, as a new process would begin."""
    for name, module in list(sys.modules.items()):
        if name.startswith("survey.") and not name.startswith(SAME):
            for value in list(vars(module).values()):
                if isinstance(value, Lately):
                    value.clear()
                elif isinstance(value, functools._lru_cache_wrapper):
                    value.cache_clear()
