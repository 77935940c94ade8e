"""Installations to back up and to restore into."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, select

from survey.database import engine as open_engine
from survey.database import reading
from survey.migrations import newest, upgrade
from survey.models import Base
from survey.services.backups import backups, restoring
from survey.services.backups.backups import Made
from survey.services.backups.restoring import Restored
from survey.services.responses.replies import Accepted
from tests import cast
from tests.cluster import Cluster
from tests.services import rounds

SAYING: Final = "I would rather say this to nobody {n:02}."


def answer_all(engine: Engine, codes: dict[str, str]) -> list[str]:
    """Let everybody answer with a comment of her own; return the receipts."""
    receipts = []
    for n, code in enumerate(codes.values()):
        outcome = rounds.answer(engine, rounds.sent(code, SAYING.format(n=n), {"play": 1 + n % 7}))
        assert isinstance(outcome, Accepted)
        receipts.append(outcome.receipt)
    return receipts


def back_up(engine: Engine, home: Path, name: str = "all.backup") -> Made:
    """Back up into a file beside the home."""
    return backups.backup(engine, home, home.parent / name, newest(), cast.NOW)


class Target:
    """An empty installation."""

    def __init__(self, engine: Engine, home: Path) -> None:
        self.engine, self.home = engine, home

    def restore(self, file: Path, copies: Path | None = None, **changed: object) -> Restored:
        """Put a backup back."""
        how = {"now": cast.NOW, "revision": newest(), **changed}
        return restoring.restore(self.engine, self.home, file, copies=copies, **how)  # type: ignore[arg-type] # by name


@contextmanager
def empty(kind: str, folder: Path, cluster: Cluster | None = None) -> Iterator[Target]:
    """Give an empty installation on SQLite, or on PostgreSQL where a cluster is given."""
    home = folder / f"restored-{secrets.token_hex(4)}"
    home.mkdir()
    name = cluster.create() if cluster and kind == "postgresql" else ""
    opened = open_engine(cluster.url(name) if cluster and name else f"sqlite:///{home / 'survey.db'}")
    upgrade(opened)
    yield Target(opened, home)
    opened.dispose()
    if cluster and name:
        cluster.drop(name)


def rows(engine: Engine, *without: str) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table but those named, in no order."""
    with reading(engine) as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in without
        }


def said(engine: Engine) -> set[bytes]:
    """Return what nobody may find outside of the database while its wave is not over: text, hashes, codes, keys."""
    found = rows(engine)
    secret = [value for name in backups.SEALED for row in found[name] for value in row]
    kept = {value if isinstance(value, bytes) else str(value).encode() for value in secret}
    peppers = {value for row in found["wave"] for value in row if isinstance(value, bytes)}
    return {value for value in kept | peppers if len(value) >= 16}
