"""A backup gives everything back, on either database, and nothing of what people said without its keys."""

import resource
import shutil
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select

from survey.app import main
from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry, Publication, Token, Wave
from survey.models.responses import Intake
from survey.services import audit_log
from survey.services.backups import backup_keys, backups
from survey.services.filing import key_files
from survey.services.invitations import issue_key
from survey.services.publication import publication
from survey.services.responses import responses
from survey.services.responses.replies import Accepted, Good, Spent
from survey.services.waves import upkeep, waves
from tests import cast
from tests.cluster import Cluster
from tests.house.promises import KEPT
from tests.services import rounds
from tests.services.installations import Target, answer_all, back_up, empty, rows, said
from tests.services.rounds import WAVE


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Target]:
    """Give an empty installation on each database."""
    kind = str(request.param)
    cluster: Cluster | None = request.getfixturevalue("postgresql") if kind == "postgresql" else None
    with empty(kind, tmp_path, cluster) as made:
        yield made


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Target]:
    """Give an empty installation on SQLite."""
    with empty("sqlite", tmp_path) as made:
        yield made


def published(engine: Engine, home: Path) -> list[str]:
    """Let the cast answer, close and publish; return the receipts."""
    receipts = answer_all(engine, rounds.open_cast(engine, home))
    rounds.close(engine)
    with writing(engine) as session:
        publication.publish(session, WAVE, rounds.OVER)
    return receipts


def test_every_table_of_answers_and_codes_is_written_under_a_key() -> None:
    """What the design keeps of answers and codes, and what a sealed wave's key is wrapped in, is never readable."""
    assert set(backups.SEALED) == KEPT.keys() | {"wave_key"}


def test_a_published_wave_comes_back_whole_on_either_database(
    engine: Engine, home: Path, tmp_path: Path, target: Target
) -> None:
    """Every row of every table, the publication and the audit log included; only one log entry is new."""
    receipts = published(engine, home)
    made = back_up(engine, home)
    assert made.keys == (WAVE,)
    restored = target.restore(tmp_path / "all.backup", home / "keys")
    assert (restored.without, restored.closed) == ((), ())
    assert rows(target.engine, "audit_entry") == rows(engine, "audit_entry")
    with reading(target.engine) as session:
        assert publication.publication(session, WAVE).unit("NORTH").code == "NORTH"
        assert all(responses.counted(session, receipt) == WAVE for receipt in receipts)
        assert audit_log.verify(session).whole
        assert session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()[-1] == "backup restored"
    with writing(target.engine) as session:  # new rows get numbers of their own
        session.add(
            Wave(code="next", instrument_id="x", instrument_version="1", opens_at=cast.NOW, closes_at=rounds.OVER)
        )


def test_an_open_wave_goes_on_where_it_was(engine: Engine, home: Path, tmp_path: Path, target: Target) -> None:
    """With its key codes are good, spent or for another unit as before, and answers count once."""
    codes = rounds.open_cast(engine, home)
    form = rounds.sent(codes["Di"], "before the backup")
    rounds.answer(engine, form)
    upkeep.tick(engine, home, cast.NOW)
    back_up(engine, home)
    target.restore(tmp_path / "all.backup", home / "keys" / "backup")
    assert rows(target.engine, "audit_entry") == rows(engine, "audit_entry")
    assert rounds.look(target.engine, codes["Di"]) == Spent(WAVE)
    assert isinstance(rounds.look(target.engine, codes["Eun"]), Good)
    assert isinstance(rounds.answer(target.engine, rounds.sent(codes["Eun"])), Accepted)
    rounds.close(target.engine)
    with reading(target.engine) as session:
        assert len(list(responses.answer_rows(session, waves.wave(session, WAVE)))) == 2


def test_nothing_that_people_said_is_in_the_file(engine: Engine, home: Path, tmp_path: Path) -> None:
    """No comment, hash, code, pepper or key, while the wave is open or after, and no secret of the installation."""
    answer_all(engine, rounds.open_cast(engine, home))
    secrets = [issue_key.read(home, WAVE), (home / "secret.key").read_bytes()]
    for name in ("open", "over"):
        back_up(engine, home, name)
        found = (tmp_path / name).read_bytes()
        assert len(said(engine)) > 50
        assert [secret for secret in (*said(engine), *secrets) if secret in found] == []
        assert b"Lighthouse Trading" in found
        if name == "open":
            rounds.close(engine)


def test_the_search_finds_a_build_that_writes_answers_in_the_clear(
    engine: Engine, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without boxes the same search finds everything."""
    answer_all(engine, rounds.open_cast(engine, home))
    rounds.close(engine)
    secrets = said(engine)
    monkeypatch.setattr(backups, "SEALED", ("intake",))
    back_up(engine, home)
    found = (tmp_path / "all.backup").read_bytes()
    assert sum(secret in found for secret in secrets) > 50


def test_without_its_key_all_but_the_answers_comes_back(
    engine: Engine, home: Path, tmp_path: Path, bare: Target
) -> None:
    """Roster, accounts and publication are there; answers, comments and receipts are not, and that is said."""
    published(engine, home)
    back_up(engine, home)
    restored = bare.restore(tmp_path / "all.backup")
    assert (restored.without, restored.closed) == ((WAVE,), ())
    there = rows(bare.engine, *backups.SEALED, "audit_entry")
    assert there == rows(engine, *backups.SEALED, "audit_entry")
    assert not any(rows(bare.engine)[name] for name in backups.SEALED)
    with reading(bare.engine) as session:
        assert session.scalar(select(func.count()).select_from(Publication)) == 1
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.facts["without"]) == ("backup restored", WAVE)


def test_an_open_wave_without_its_key_is_closed(engine: Engine, home: Path, tmp_path: Path, bare: Target) -> None:
    """No code can be recognised any more, so it is closed, and that is said; another wave can be planned."""
    answer_all(engine, rounds.open_cast(engine, home))
    back_up(engine, home)
    restored = bare.restore(tmp_path / "all.backup", now=cast.NOW)
    assert (restored.without, restored.closed) == ((WAVE,), (WAVE,))
    with reading(bare.engine) as session:
        wave = waves.wave(session, WAVE)
        assert (wave.state, wave.pepper) == ("closed", None)
        assert wave.closes_at > wave.opens_at


def test_a_wrong_key_is_none(engine: Engine, home: Path, tmp_path: Path, bare: Target) -> None:
    """A key of another installation does not open the box; the right one of the folder is used and taken over."""
    published(engine, home)
    back_up(engine, home)
    wrong = backup_keys.path(bare.home, "kept", WAVE)
    backup_keys.keep(bare.home, "kept", WAVE, bytes(32))
    assert wrong.read_bytes() == bytes(32)
    assert bare.restore(tmp_path / "all.backup").without == (WAVE,)
    with empty("sqlite", tmp_path) as second:
        assert second.restore(tmp_path / "all.backup", home / "keys").without == ()
        assert (
            backup_keys.path(second.home, "kept", WAVE).read_bytes()
            == backup_keys.path(home, "kept", WAVE).read_bytes()
        )


def test_a_backup_is_its_owners_only_and_appears_whole(engine: Engine, home: Path, tmp_path: Path) -> None:
    """Mode 600; an older file is replaced in one step, and one that fails leaves the older as it was."""
    rounds.open_cast(engine, home)
    file = tmp_path / "all.backup"
    first = back_up(engine, home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(backup_keys.path(home, "open", WAVE).stat().st_mode) == 0o600
    folders = [home / "keys" / "backup", home / "keys" / "backup" / "open"]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    before = file.read_bytes()
    shutil.rmtree(home / "keys" / "backup")
    (home / "keys" / "backup").touch()  # no key can be made
    with pytest.raises(OSError, match="exists"):
        back_up(engine, home)
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.backup", "home"]
    with reading(engine) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "backup made")).one()
    assert entry.facts == {"digest": first.digest}


def test_a_backup_replaces_nothing_but_a_backup(home: Path, database_url: str, environment: dict[str, str]) -> None:
    """The database, a key or a device that is named by mistake is left alone; an older backup is replaced."""
    (kept := home / "kept").write_bytes(b"SQLite format 3")
    for file in (kept, Path("/dev/null")):
        done = CliRunner().invoke(main, ["--lang", "en", "backup", str(file)], env=environment)
        assert done.exit_code == 1, database_url
        assert done.output == f"{file} is there already and is no backup, so it is left alone. Name another file.\n"
    assert kept.read_bytes() == b"SQLite format 3"
    assert Path("/dev/null").is_char_device()
    again = [CliRunner().invoke(main, ["backup", str(home / "all.backup")], env=environment) for _ in range(2)]
    assert [done.exit_code for done in again] == [0, 0]


def test_half_a_key_is_never_used(engine: Engine, home: Path) -> None:
    """A full disk leaves no half a key behind; one that a loss of power left is told, with what to do."""
    rounds.open_cast(engine, home)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))  # no file may grow now, as on a full disk
    try:
        with pytest.raises(OSError, match="File too large"):
            key_files.make(home / "keys" / "full.key")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not (home / "keys" / "full.key").exists()
    half = backup_keys.path(home, "open", WAVE)
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    with pytest.raises(Refused, match=r"open/.*\.key is cut off"):
        back_up(engine, home)


def test_a_backup_goes_into_an_empty_installation_of_its_version_only(
    engine: Engine, home: Path, tmp_path: Path, bare: Target
) -> None:
    """Where anything is, and where the tables are of another version, it is refused and nothing is written."""
    rounds.open_cast(engine, home)
    back_up(engine, home)
    with pytest.raises(Refused, match="another version"):
        bare.restore(tmp_path / "all.backup", revision="0001")
    with pytest.raises(Refused, match="only where nothing is yet"):
        Target(engine, home).restore(tmp_path / "all.backup")
    assert not any(rows(bare.engine).values())


def test_a_backup_sees_one_moment(engine: Engine, home: Path) -> None:
    """A close that begins while a backup reads is seen not at all, though it empties tables."""
    answer_all(engine, rounds.open_cast(engine, home))
    with backups.snapshot(engine) as session:
        assert session.scalar(select(func.count()).select_from(Wave)) == 1
        closing = threading.Thread(target=rounds.close, args=(engine,))
        closing.start()
        closing.join(0.5)
        assert session.scalar(select(func.count()).select_from(Intake)) == len(cast.MEMBERS)
        assert session.scalar(select(func.count()).select_from(Token)) == rounds.SPARES
        assert session.scalars(select(Wave.state)).one() == "open"
    closing.join()
    with reading(engine) as session:
        assert session.scalars(select(Wave.state)).one() == "closed"


def test_the_commands_say_what_came_back_and_what_did_not(
    engine: Engine, home: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """Backup names file, digest and keys; restore needs no init, and names the waves without answers."""
    published(engine, home)

    def survey(*words: str, code: int = 0, place: Path = home) -> str:
        other = {"SURVEY_HOME": str(place), "SURVEY_DATABASE_URL": f"sqlite:///{place / 'survey.db'}"}
        env = environment if place == home else {**environment, **other}
        result = CliRunner().invoke(main, ["--lang", "en", *words], env=env)
        assert result.exit_code == code, result.output
        return result.output

    file = str(tmp_path / "all.backup")
    said = survey("backup", file)
    assert "Its digest is " in said
    assert f"Answers of {WAVE} come back only with the keys in {home / 'keys' / 'backup'}" in said

    without = survey("restore", file, place=tmp_path / "one")
    assert "Everybody signs in again" in without
    assert f"The answers of wave {WAVE} did not come back" in without
    assert (tmp_path / "one" / "secret.key").exists()
    whole = survey("restore", file, "--keys", str(home / "keys"), place=tmp_path / "two")
    assert "did not come back" not in whole
    assert "only where nothing is yet" in survey("restore", file, code=1, place=tmp_path / "two")
