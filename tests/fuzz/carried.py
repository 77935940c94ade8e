"""What becomes of an installation: backups and what is put back of them, another database, either kind to either."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import ClassVar, Final, NamedTuple

from hypothesis.stateful import rule
from sqlalchemy.orm import Session

from survey.database import engine as open_engine
from survey.migrations import current, leave, require_newest
from survey.services.backups import backup_keys, backups, restoring
from survey.services.invitations import codes
from survey.services.moving import moving
from survey.settings import SettingsError
from tests.fuzz.living import PICK, Place
from tests.fuzz.model import SECOND, Model, Round
from tests.fuzz.tried import Tried

MOST: Final = 2
"""Backups that are kept; the oldest goes."""
MOST_PLACES: Final = 5
"""Databases of one life."""
SECRET: Final = "secret.key"
LOG: Final = "audit_entry"
FORGOTTEN: Final = backups.LEFT_OUT | {LOG}


class Copy(NamedTuple):
    """A backup, and what it should bring back."""

    data: bytes
    model: Model
    publications: dict[str, bytes]
    contents: dict[str, str]
    """Of every table a digest; nothing where answers were due to be deleted, which it leaves out."""
    keys: dict[str, tuple[backup_keys.Stage, bytes]]
    """By wave whose answers come back only with its key: the stage, and the key."""


class Carried(Tried):
    """Backups, restores, moves."""

    elsewhere: ClassVar[Sequence[Callable[[], Place]]]
    """Make other installations, one after the other, perhaps on the other kind of database."""

    def __init__(self) -> None:
        super().__init__()
        self.copies: list[Copy] = []

    def _another(self) -> Place:
        place = type(self).elsewhere[len(self.places) % len(type(self).elsewhere)]()
        self.places.append(place)
        return place

    @rule()
    def a_backup_is_made(self) -> None:
        """Of everything; what people said and what recognises codes is in it under keys alone."""
        world, model = self.world, self.model
        file = world.home / "all.backup"
        made = backups.backup(world.engine, world.home, file, current(world.engine), model.now)
        stages = {each.code: stage for each in model.rounds.values() if (stage := self._said(each))}
        assert made.keys == tuple(stages)
        data = file.read_bytes()
        file.unlink()
        for wave in model.rounds.values():
            hashes = [codes.receipt_hash(wave.code, receipt) for receipt in wave.kept]
            assert not [each for each in hashes if each in data], "receipts can be read"
            assert not [each for each in wave.pool if each.encode() in data], "spare codes can be read"
        keys = {code: (stage, backup_keys.path(world.home, stage, code).read_bytes()) for code, stage in stages.items()}
        later = deepcopy(model)
        for wave in later.rounds.values():
            if wave.due(model.now):
                wave.lose()  # left out, deleted or not
        whole = not any(wave.has_due(model.now) for wave in model.rounds.values())
        kept = Copy(data, later, dict(world.publications), world.digests() if whole else {}, keys)
        self.copies = [*self.copies, kept][-MOST:]

    def _said(self, wave: Round) -> backup_keys.Stage | None:
        """Return the stage in which a wave's answers are written into a backup; None where it has none to write."""
        if wave.state == "draft" or wave.due(self.model.now):
            return None
        if wave.state == "open":
            return "open"
        if wave.is_sealed:
            return None if wave.deleted else "sealed"
        return "kept" if wave.kept and not wave.deleted else None

    @rule(which=PICK)
    def a_backup_is_put_back(self, which: int) -> None:
        """Into an empty installation: all but answers whose time was over; and what is due is done at once."""
        if not self.copies or len(self.places) >= MOST_PLACES:
            return
        copy, old, place = self.pick(self.copies, which), self.world.home, self._another()
        (place.home / SECRET).write_bytes((old / SECRET).read_bytes())
        file = place.home / "all.backup"
        file.write_bytes(copy.data)
        lost = tuple(code for code, (stage, key) in copy.keys.items() if _held(old, stage, code) != key)
        model = self._as_it_was(copy, lost)
        closed = tuple(code for code in lost if copy.model.rounds[code].state == "open")
        self.world.lives_at(place.url, place.home)
        self.world.came_back(model, copy.publications)
        due = self.expect()
        done = restoring.restore(
            self.world.engine, place.home, file, model.now, revision=current(self.world.engine), copies=old / "keys"
        )
        assert (done.without, done.closed) == (lost, closed)
        file.unlink()
        self.ticked(due, done.done)
        if copy.contents and not (lost or done.done.closed or done.done.counted or done.done.deleted):
            assert _without(self.world.digests()) == _without(copy.contents)

    def _as_it_was(self, copy: Copy, lost: tuple[str, ...]) -> Model:
        """Return what there is after a restore, before what is due by now is done."""
        model = deepcopy(copy.model)
        model.now, model.numbers = self.model.now, max(self.model.numbers, model.numbers)
        for code in lost:
            wave = model.rounds[code]
            wave.lose()
            if wave.state == "open":
                wave.end(max(min(wave.closes_at, model.now), wave.opens_at + SECOND))
        return model

    @rule()
    def it_moves_to_another_database(self) -> None:
        """Between waves, with nothing that is due; every row arrives, and the old one is closed for good."""
        if len(self.places) >= MOST_PLACES:
            return
        before = self.world.digests()
        may = not any(each.hurries(self.model.now) for each in self.model.rounds.values())
        place, old, url = self._another(), self.world.engine, self.world.url
        target = open_engine(place.url)
        old.dispose()
        try:
            moved = self.world.tries(lambda: moving.move(old, target, self.model.now, _close), expected=may)
        finally:
            target.dispose()
        if moved is None:
            assert self.world.digests() == before
            return
        assert _is_closed(url), "the old database can be used"
        self.world.lives_at(place.url, self.world.home)
        after = self.world.digests()
        assert {name for name in after if after[name] != before[name]} == {LOG}


def _close(session: Session) -> None:
    leave(session.connection())


def _is_closed(url: str) -> bool:
    left = open_engine(url)
    try:
        require_newest(left)
    except SettingsError as error:
        return "has moved to another database" in str(error)
    finally:
        left.dispose()
    return False


def _held(home: Path, stage: backup_keys.Stage, wave: str) -> bytes | None:
    file = backup_keys.path(home, stage, wave)
    return file.read_bytes() if file.exists() else None


def _without(contents: dict[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in contents.items() if name not in FORGOTTEN}
