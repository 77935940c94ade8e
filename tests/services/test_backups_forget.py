"""Attacks on old backups: after a promise is kept, none of them gives back what it ended. Also on a broken build."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select

from survey.database import reading, writing
from survey.migrations import newest
from survey.models import AuditEntry, Wave
from survey.services.backups import backup_keys, backups
from survey.services.filing import key_files
from survey.services.responses import responses
from survey.services.waves import sweeping, upkeep, waves
from survey.services.waves.retention import months_after
from survey.services.waves.upkeep import Tick
from tests import cast
from tests.services import rounds, sealed
from tests.services.disk import tables
from tests.services.installations import answer_all, back_up, empty, said
from tests.services.rounds import WAVE

DUE = months_after(rounds.CLOSES, 24)
HOUR = dt.timedelta(hours=1)


class History:
    """A wave from its opening to the day its answers are deleted, with a backup at each stage."""

    def __init__(self, engine: Engine, home: Path) -> None:
        self.engine, self.home, self.folder = engine, home, home.parent
        self.codes = rounds.open_cast(engine, home)
        answer_all(engine, self.codes)
        back_up(engine, home, "open.backup")
        self.said_while_open = said(engine)
        rounds.close(engine)
        upkeep.tick(engine, home, rounds.OVER)
        back_up(engine, home, "kept.backup")
        self.said_after = said(engine)

    def gives_back(self, name: str, now: dt.datetime = rounds.OVER) -> int:
        """Return how many answers an insider gets who has the file and all that is left of this installation's keys."""
        with empty("sqlite", self.folder) as target:
            target.restore(self.folder / name, self.home / "keys", now=now)
            with reading(target.engine) as session:
                return len(list(responses.answer_rows(session, waves.wave(session, WAVE))))

    def found_in(self, name: str) -> int:
        """Return how much of what was said lies readable in a file."""
        content = (self.folder / name).read_bytes()
        return sum(secret in content for secret in self.said_while_open | self.said_after)


@pytest.fixture
def history(engine: Engine, home: Path) -> History:
    """Give a wave that has closed, with a backup of before and one of after."""
    return History(engine, home)


def test_after_the_deletion_no_backup_gives_answers_back(history: History) -> None:
    """Before it, the backup does; after it, neither does any, however early made, nor holds any a readable byte."""
    assert history.gives_back("kept.backup") == len(cast.MEMBERS)
    done = upkeep.tick(history.engine, history.home, DUE)
    assert (done.deleted, done.forgotten) == ((WAVE,), (WAVE,))
    assert [history.gives_back(name) for name in ("open.backup", "kept.backup")] == [0, 0]
    assert [history.found_in(name) for name in ("open.backup", "kept.backup")] == [0, 0]
    assert list((history.home / "keys").rglob("*.key")) == []
    assert upkeep.tick(history.engine, history.home, DUE + HOUR) == Tick()
    with reading(history.engine) as session:
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts[-2:] == ["answers deleted", "backup key destroyed"]


def test_the_attack_succeeds_on_a_build_that_keeps_the_key(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the key outlives the answers, an old backup gives all of them back."""
    monkeypatch.setattr(key_files, "destroy", lambda _file: False)
    assert upkeep.tick(history.engine, history.home, DUE).deleted == (WAVE,)
    assert history.gives_back("kept.backup") == len(cast.MEMBERS)


def test_after_the_close_no_backup_recognises_codes_or_keeps_the_order(history: History) -> None:
    """What a backup of the open wave held (arrivals, unspent codes, the pepper) is out of reach once it has closed."""
    assert not backup_keys.path(history.home, "open", WAVE).exists()
    with empty("sqlite", history.folder) as target:
        restored = target.restore(history.folder / "open.backup", history.home / "keys")
        assert (restored.without, restored.closed) == ((WAVE,), (WAVE,))
        assert not said(target.engine)


def test_a_restore_deletes_at_once_what_is_due_by_then(history: History) -> None:
    """An old backup with a copy of its key, put back after the day: answers are gone before anybody can see them."""
    assert history.gives_back("kept.backup", now=DUE) == 0
    with empty("sqlite", history.folder) as target:
        restored = target.restore(history.folder / "kept.backup", history.home / "keys", now=DUE)
        assert restored.done.deleted == (WAVE,)
        assert not backup_keys.path(target.home, "kept", WAVE).exists()


def test_a_backup_made_late_holds_no_answers_that_were_due(history: History) -> None:
    """Where the deletion is late, a backup leaves out what is due, and makes no key for it."""
    key = backup_keys.path(history.home, "kept", WAVE)
    key_files.destroy(key)
    made = backups.backup(history.engine, history.home, history.folder / "late.backup", newest(), DUE)
    assert made.keys == ()
    assert not key.exists()


def test_after_the_unsealing_no_backup_joins_comments_to_answers(engine: Engine, home: Path) -> None:
    """A restored backup of sealed boxes can be unsealed until the wave itself is; then its boxes are out of reach."""
    holders = sealed.register(engine)
    told = sealed.answered(engine, home)
    rounds.close(engine)
    upkeep.tick(engine, home, rounds.OVER)
    back_up(engine, home, "sealed.backup")
    file, copies = home.parent / "sealed.backup", home / "keys"
    with empty("sqlite", home.parent) as target:
        assert target.restore(file, copies, now=rounds.OVER).without == ()
        assert sealed.unseal(target.engine, holders[sealed.COUNCIL]) == 0
        assert sorted(sealed.kept(target.engine).vectors) == sorted(told.vectors)
    sealed.unseal(engine, holders[sealed.LEAD])
    assert upkeep.tick(engine, home, rounds.OVER).forgotten == (WAVE,)
    with empty("sqlite", home.parent) as target:
        assert target.restore(file, copies, now=rounds.OVER).without == (WAVE,)
        left = sealed.kept(target.engine)
        assert (left.boxes, left.wrapped, left.vectors) == ([], [], [])
        with reading(target.engine) as session:
            assert waves.wave(session, WAVE).seal_key is None


def test_a_sealed_wave_whose_boxes_were_due_comes_back_without_its_key(engine: Engine, home: Path) -> None:
    """A late backup leaves boxes and wrapped keys out; even where the clock went back since, nobody waits for a key."""
    sealed.register(engine)
    sealed.answered(engine, home)
    rounds.close(engine)
    assert backups.backup(engine, home, home.parent / "late.backup", newest(), DUE).keys == ()
    with empty("sqlite", home.parent) as target:
        assert target.restore(home.parent / "late.backup", now=DUE - HOUR).done.deleted == ()
        with reading(target.engine) as session:
            wave = waves.wave(session, WAVE)
            assert (wave.state, wave.sealed, wave.seal_key) == ("closed", True, None)
            assert not responses.is_kept(session, wave)


def test_deleted_answers_are_in_no_file_of_the_database(history: History) -> None:
    """After the deletion no comment, receipt or answer lies in a page or a dead row; another wave's still do."""
    with writing(history.engine) as session:
        facts = {"instrument_id": "total-motivation", "instrument_version": "1"}
        other = Wave(code="other", kind="imported", state="closed", opens_at=rounds.CLOSES, closes_at=DUE, **facts)
        session.add(other)
        session.flush()
        responses.keep(session, other, [("NORTH", b"answers of another wave")])
    present = tables(history.engine)
    assert all(secret in present for secret in history.said_after)
    upkeep.tick(history.engine, history.home, DUE)
    left = tables(history.engine)
    assert sum(secret in left for secret in history.said_after) == 0
    assert b"answers of another wave" in left
    assert not sweeping.left_over(history.engine)


def test_the_search_finds_a_build_that_only_deletes(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain DELETE leaves what was said in freed pages and dead rows."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda driver, _record: driver.execute("PRAGMA secure_delete = OFF"))
    history = History(engine, home)
    monkeypatch.setattr(sweeping, "sweep", lambda _engine: False)
    monkeypatch.setattr(
        responses,
        "delete_without_trace",
        lambda session, table, wave: session.execute(table.delete().where(table.c.wave_id == wave)),
    )
    upkeep.tick(engine, home, DUE)
    left = tables(engine)
    assert sum(secret in left for secret in history.said_after) > 0
