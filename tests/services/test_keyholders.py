import datetime as dt
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from nacl.public import PrivateKey
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey.app import main
from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry
from survey.services.sealing import keyholders
from survey.services.sealing.key_text import fingerprint, public_text, read_file, text_of
from survey.services.waves import waves
from tests import cast
from tests.services import rounds, sealed
from tests.services.rounds import WAVE
from tests.services.sealed import COUNCIL, LEAD

SOON = f"{dt.date.today() + dt.timedelta(days=30)} 18:00"  # noqa: DTZ011 - the operator's day


def survey(environment: dict[str, str], *words: str, code: int = 0) -> str:
    """Run a command; return what it says."""
    result = CliRunner().invoke(main, ["--lang", "en", *words], env=environment)
    assert result.exit_code == code, result.output
    return result.output


def line(output: str, start: str) -> str:
    """Return what follows `start` in an output."""
    return next(line.removeprefix(start).strip() for line in output.splitlines() if line.startswith(start))


def test_keyholders_are_registered_listed_and_removed(engine: Engine) -> None:
    """The list has names, fingerprints and days; the audit log has the fingerprints and neither keys nor names."""
    keys = sealed.register(engine)
    with writing(engine) as session:
        council = keyholders.named(session, COUNCIL)
        keyholders.remove(session, council.id, cast.NOW)
    with reading(engine) as session:
        (lead,) = keyholders.keyholders(session)
        log = session.execute(select(AuditEntry.act, AuditEntry.facts).order_by(AuditEntry.id)).all()
    marks = {name: fingerprint(bytes(key.public_key)) for name, key in keys.items()}
    assert (lead.name, lead.fingerprint, lead.added_on, lead.waves) == (LEAD, marks[LEAD], cast.TODAY, ())
    assert [tuple(entry) for entry in log] == [
        ("keyholder added", {"keyholder": marks[LEAD]}),
        ("keyholder added", {"keyholder": marks[COUNCIL]}),
        ("keyholder removed", {"keyholder": marks[COUNCIL]}),
    ]


def test_what_cannot_be_registered_says_why(engine: Engine) -> None:
    """A name or a key twice, no name, an endless one: a sentence each."""
    key = sealed.register(engine, LEAD)[LEAD]
    same, other = public_text(bytes(key.public_key)), public_text(bytes(PrivateKey.generate().public_key))
    for name, public, why in (
        (LEAD, other, "There is a keyholder HR lead already"),
        (COUNCIL, same, "This is the public key of HR lead"),
        (" \u00a0", other, "has a name of up to 200"),
        ("x" * 201, other, "has a name of up to 200"),
        ("\u202eRH", other, "that can be printed"),
        ("Cy\0", other, "that can be printed"),
        (COUNCIL, other[:-1], "This is no public key"),
    ):
        with pytest.raises(Refused, match=why), writing(engine) as session:
            keyholders.add(session, name, public, cast.NOW)
    with pytest.raises(Refused, match="no such keyholder"), writing(engine) as session:
        keyholders.remove(session, 99, cast.NOW)


def test_a_button_pressed_twice_registers_and_removes_once(engine: Engine) -> None:
    """Two at once: one is told what the other has done, on either database, and the log has it once."""
    public, both = public_text(bytes(PrivateKey.generate().public_key)), threading.Barrier(2)

    def told(change: Callable[[Session], object]) -> str:
        both.wait()
        try:
            with writing(engine) as session:
                change(session)
        except Refused as refused:
            return str(refused)
        return ""

    def twice(change: Callable[[Session], object]) -> list[str]:
        with ThreadPoolExecutor(2) as pool:
            return sorted(pool.map(told, [change, change]))

    assert twice(lambda session: keyholders.add(session, LEAD, public, cast.NOW))[0] == ""
    with reading(engine) as session:
        (holder,) = keyholders.keyholders(session)
    assert twice(lambda session: keyholders.remove(session, holder.id, cast.NOW)) == ["", "There is no such keyholder."]
    with reading(engine) as session:
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["keyholder added", "keyholder removed"]


def test_a_sealed_wave_runs_from_the_command_line(
    engine: Engine, environment: dict[str, str], tmp_path: Path, home: Path
) -> None:
    """Keys made and registered, a wave that is sealed by itself, answered, closed, unsealed and published."""
    with writing(engine) as session:
        cast.load(session)
    files = {name: tmp_path / f"{name}.key" for name in ("lead", "council")}
    for name, file in files.items():
        said = survey(environment, "make-key", str(file))
        public, mark = line(said, "Public key, to be registered:"), line(said, "Fingerprint, to compare:")
        assert mark in survey(environment, "add-keyholder", "--name", name, "--public-key", public)
        assert mark in file.read_text("utf-8")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    wave = ("--wave", WAVE)
    assert "is planned" in survey(environment, "draft-wave", *wave, "--closes", SOON)
    survey(environment, "open-wave", *wave)
    told = survey(environment, "keyholders").splitlines()
    assert [row.split()[-1] for row in told] == [WAVE, WAVE]
    assert "holds a key of" in survey(environment, "remove-keyholder", "--name", "lead", code=1)
    for code in rounds.codes(engine, home).values():
        rounds.answer(engine, rounds.sent(code, "said"))
    survey(environment, "close-wave", *wave, "--early")
    assert "still sealed" in survey(environment, "publish", *wave, code=1)
    assert "no key file" in survey(environment, "unseal", *wave, "--key", __file__, code=1)
    assert "is unsealed" in survey(environment, "unseal", *wave, "--key", str(files["council"]))
    survey(environment, "publish", *wave)
    assert "no keyholder any more" in survey(environment, "remove-keyholder", "--name", "lead")
    assert "There is no keyholder lead" in survey(environment, "remove-keyholder", "--name", "lead", code=1)


@pytest.mark.parametrize(("word", "planned"), [("--sealed", True), ("--not-sealed", False)])
def test_sealing_is_chosen_on_the_command_line(
    engine: Engine, environment: dict[str, str], word: str, *, planned: bool
) -> None:
    """Each word overrules what the number of keyholders would have chosen."""
    sealed.register(engine, *((LEAD,) if planned else (LEAD, COUNCIL)))
    survey(environment, "draft-wave", "--wave", WAVE, "--closes", SOON, word)
    with reading(engine) as session:
        assert waves.wave(session, WAVE).sealed is planned


def test_a_damaged_answer_is_set_aside_only_where_that_is_said(engine: Engine, environment: dict[str, str]) -> None:
    """Without the word the command refuses and tells how many; with it, it tells how many are lost."""
    keys = sealed.register(engine)
    sealed.answered(engine, Path(environment["SURVEY_HOME"]))
    rounds.close(engine)
    file = Path(environment["SURVEY_HOME"]).parent / "lead.key"
    file.write_bytes(text_of(keys[LEAD]).encode())
    sealed.damage(engine)
    command = ("unseal", "--wave", WAVE, "--key", str(file))
    assert "1 of the sealed answers" in survey(environment, *command, code=1)
    assert "1 damaged answers were set aside" in survey(environment, *command, "--without-damaged")


def test_a_key_is_never_overwritten_and_never_lies_beside_what_it_opens(tmp_path: Path, home: Path) -> None:
    """An existing file stays as it is; the installation's own folder is refused. No installation is needed."""
    file, environment = tmp_path / "my.key", {"SURVEY_HOME": str(home)}
    survey(environment, "make-key", str(file))
    before = file.read_bytes()
    assert "never overwritten" in survey(environment, "make-key", str(file), code=1)
    assert file.read_bytes() == before
    assert len(bytes(read_file(before))) == 32
    for inside in (home / "my.key", home / "keys" / ".." / "my.key"):
        assert "this installation's folder" in survey(environment, "make-key", str(inside), code=1)
    assert not (home / "my.key").exists()
