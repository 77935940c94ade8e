"""A rehearsal: a few people answer, everything is deleted at its end, and nothing reckons with it."""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, func, select, text, update

from survey.database import reading, writing
from survey.i18n import Refused
from survey.mail import FilePost
from survey.models import AuditEntry, Person, RosterEntry, Spare, Token, WaveUnit
from survey.models.responses import Comment, Intake, Receipt, Response
from survey.services.backups import backup_keys
from survey.services.invitations import invitations, issue_key
from survey.services.invitations.sending import Outbox
from survey.services.publication import publication
from survey.services.responses import responses
from survey.services.responses.replies import Accepted, Closed
from survey.services.waves import (
    closing,
    extension,
    foresight,
    frozen_facts,
    opening,
    rehearsal,
    upkeep,
    wave_plans,
    waves,
)
from tests import cast
from tests.services import disk, rounds
from tests.services.loosening import without_triggers
from tests.services.posting import BASE
from tests.services.rounds import WAVE

CODE = f"{WAVE}-rehearsal"
CANARY = "the lamp was out on tuesday"
PUBLISHING = (
    "UPDATE wave SET state = 'published' WHERE rehearsal",
    "UPDATE wave SET rehearsal = false WHERE rehearsal",
    (
        "INSERT INTO publication (wave_id, record, digest, published_on) "
        "SELECT id, '{}', promise_digest, '2026-10-02' FROM wave WHERE rehearsal"
    ),
)
ANSWERS = {"play": 2, "purpose": 6, "potential": 1, "inertia": 7, "tactical_1": 3, "tactical_2": 5}


def planned(engine: Engine) -> None:
    """Put the cast, its planned wave and a rehearsal of it with Ada and Bo into the database."""
    with writing(engine) as session:
        cast.load(session)
        wave_plans.draft(session, rounds.plan(), cast.NOW)
        assert rehearsal.plan(session, WAVE, cast.NOW).code == CODE
        assert rehearsal.choose_leads(session, CODE) == 2


def opened(engine: Engine, home: Path) -> dict[str, str]:
    """Open the rehearsal; return the code of each who takes part."""
    planned(engine)
    with writing(engine) as session:
        opening.open_wave(session, CODE, cast.NOW, home)
    return rounds.codes(engine, home, CODE)


def answered(engine: Engine, home: Path) -> list[str]:
    """Let both answer, with a comment; return their receipts."""
    receipts = []
    for code in opened(engine, home).values():
        reply = rounds.answer(engine, rounds.sent(code, CANARY, ANSWERS))
        assert isinstance(reply, Accepted)
        receipts.append(reply.receipt)
    return receipts


def over(engine: Engine, home: Path) -> None:
    """Close the rehearsal as pages and commands do."""
    now = cast.NOW + dt.timedelta(hours=3)
    with writing(engine) as session:
        closing.close(session, CODE, now)
    with writing(engine) as session:
        invitations.settle(session, CODE, home, now)


def test_a_rehearsal_takes_no_name_that_a_wave_has(engine: Engine) -> None:
    """Where somebody called a wave of her own so, the rehearsal gets a number."""
    with writing(engine) as session:
        cast.load(session)
        for code in (WAVE, CODE):
            wave_plans.draft(session, replace(rounds.plan(), code=code), cast.NOW)
        assert rehearsal.plan(session, WAVE, cast.NOW).code == f"{CODE}-2"


def test_only_who_was_chosen_gets_a_letter_and_a_code(engine: Engine, home: Path) -> None:
    """Two letters leave, to the two leads, and say that it is a rehearsal; nobody else has a code or a place."""
    codes = opened(engine, home)
    assert codes.keys() == {"Ada", "Bo"}
    sent = invitations.send_letters(
        engine, CODE, Outbox(home, BASE, FilePost(home / "letters", "hr@example.com")), cast.NOW
    )
    assert (sent.accepted, sent.left) == (2, 0)
    letters = [path.read_bytes() for path in (home / "letters").iterdir()]
    assert sum(b"ada@example.com" in letter or b"bo@example.com" in letter for letter in letters) == 2
    assert any(b"This is a rehearsal" in letter for letter in letters)
    with reading(engine) as session:
        assert session.scalars(select(WaveUnit.code)).all() == ["CO"]
        assert session.scalar(select(func.count()).select_from(RosterEntry)) == 2
        assert rehearsal.rehearsal(session, CODE, home).letters_accepted == 2
        promise = frozen_facts.promise_of(waves.wave(session, CODE))
        assert promise.words["en"].lines[0][0] == "This is a rehearsal: answers will be deleted."
        assert promise.words["ko"].lines[0][0] != promise.words["en"].lines[0][0]


def test_nothing_of_a_rehearsal_is_left(engine: Engine, home: Path) -> None:
    """After its end no table and no file of the database holds an answer, a comment, a code or a receipt of it."""
    receipts = answered(engine, home)
    with reading(engine) as session:
        vectors = [bytes(each) for each in session.scalars(select(Intake.answers))]
        wave = waves.wave(session, CODE)
        backup_keys.key(home, backup_keys.stage_of(wave), CODE)
    assert all(vector in disk.tables(engine) for vector in vectors)
    assert CANARY.encode() in disk.tables(engine)
    over(engine, home)
    found = disk.tables(engine)
    assert not any(said in found for said in (*vectors, CANARY.encode()))
    assert not [path for path in (home / "keys").rglob("*.key") if CODE in path.name]
    with reading(engine) as session:
        for table in (Intake, Response, Receipt, Comment, Token, Spare):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert [responses.counted(session, receipt) for receipt in receipts] == [None, None]
        assert waves.wave(session, CODE).pepper is None
        assert not any(session.scalars(select(WaveUnit.participation)).all())
        closed = session.scalars(select(AuditEntry).where(AuditEntry.act == "rehearsal closed")).one()
        assert closed.facts == {"wave": CODE}


def test_a_build_that_only_closes_is_seen(engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search of the files finds what a rehearsal leaves that deletes nothing: it is known to find something."""
    answered(engine, home)
    monkeypatch.setattr("survey.services.responses.responses.throw_away", lambda *_: None)
    over(engine, home)
    assert CANARY.encode() in disk.tables(engine)


def test_a_rehearsal_is_never_published(engine: Engine, home: Path) -> None:
    """Not by the service that pages and commands call, and not by SQL, open or closed."""
    answered(engine, home)
    over(engine, home)
    with pytest.raises(Refused, match="rehearsal"), writing(engine) as session:
        publication.publish(session, CODE, cast.NOW)
    for statement in PUBLISHING:
        with pytest.raises(Refused), writing(engine) as session:
            session.execute(text(statement))


def test_nothing_reckons_with_a_rehearsal(engine: Engine, home: Path) -> None:
    """Once it is over the planned wave opens at once, as the first; lists, foresight and promise know of none."""
    answered(engine, home)
    with pytest.raises(Refused, match=CODE), writing(engine) as session:
        opening.open_wave(session, WAVE, cast.NOW, home)
    over(engine, home)
    with reading(engine) as session:
        assert [wave.code for wave in waves.waves(session)] == [WAVE]
        assert waves.unpublished(session) == []
        assert opening.first_day(session) is None
        assert frozen_facts.newest(session) is None
        assert "last" not in foresight.foreseen(session, waves.wave(session, WAVE)).choices
    with writing(engine) as session:
        opening.open_wave(session, WAVE, cast.NOW, home)
    code = next(iter(rounds.codes(engine, home).values()))
    assert isinstance(rounds.answer(engine, rounds.sent(code)), Accepted)
    assert not issue_key.exists(home, CODE)


def test_a_tick_ends_it_after_seven_days_whatever_end_it_was_given(engine: Engine, home: Path) -> None:
    """Not before its time is over, and not later than a week after its opening."""
    planned(engine)
    with writing(engine) as session:
        session.execute(text("UPDATE wave SET closes_at = '2026-10-12 00:00:00.000000' WHERE rehearsal"))
        opening.open_wave(session, CODE, cast.NOW, home)
    code = next(iter(rounds.codes(engine, home, CODE).values()))
    almost, then = cast.NOW + dt.timedelta(days=6), cast.NOW + rehearsal.LONGEST
    assert upkeep.tick(engine, home, almost).closed == ""
    assert upkeep.tick(engine, home, almost).counted == ""
    done = upkeep.tick(engine, home, then)
    assert done.closed == CODE
    assert not issue_key.exists(home, CODE)
    assert isinstance(rounds.look(engine, code, then), Closed)
    assert upkeep.tick(engine, home, then + dt.timedelta(days=400)).deleted == ()


def test_who_takes_part_is_chosen_before_it_opens(engine: Engine, home: Path) -> None:
    """People are found by name, number or e-mail; without e-mail nobody takes part; after the opening nobody joins."""
    planned(engine)
    with writing(engine) as session:
        session.execute(update(Person).where(Person.name == "Lea").values(email=None))
        assert [each.name for each in rehearsal.taking_part(session, CODE)] == ["Ada", "Bo"]
        assert "Ada" not in {each.name for each in rehearsal.search(session, CODE, "A")}
        assert [each.name for each in rehearsal.search(session, CODE, "di@")] == ["Di"]
        assert rehearsal.search(session, CODE, "Lea") == rehearsal.search(session, CODE, "%") == []
        assert rehearsal.search(session, CODE, "D" * 100_000) == rehearsal.search(session, CODE, " ") == []
        (di,) = rehearsal.search(session, CODE, "Di")
        lea = session.scalars(select(Person.id).where(Person.name == "Lea")).one()
        assert rehearsal.choose(session, CODE, [di.id, lea, 10_000]) == 3
        rehearsal.leave_out(session, CODE, [di.id])
        opening.open_wave(session, CODE, cast.NOW, home)
        for change in (
            lambda: rehearsal.choose(session, CODE, [di.id]),
            lambda: rehearsal.leave_out(session, CODE, [di.id]),
            lambda: rehearsal.discard(session, CODE, cast.NOW),
        ):
            with pytest.raises(Refused, match="opened before"):
                change()


def test_what_cannot_be_rehearsed_is_refused(engine: Engine, home: Path) -> None:
    """Only a planned wave, for one to seven days, by somebody; each rehearsal has a name of its own."""
    planned(engine)
    with writing(engine) as session:
        for of, days, said in ((CODE, 7, "planned"), (WAVE, 8, "seven|7"), (WAVE, 0, "one"), ("X", 7, "no wave")):
            with pytest.raises(Refused, match=said):
                rehearsal.plan(session, of, cast.NOW, days=days)
        assert rehearsal.plan(session, WAVE, cast.NOW).code == f"{CODE}-2"
        with pytest.raises(Refused, match="Nobody takes part"):
            opening.open_wave(session, f"{CODE}-2", cast.NOW, home)
        rehearsal.discard(session, f"{CODE}-2", cast.NOW)
        assert [each.code for each in rehearsal.rehearsals(session, home)] == [CODE]
        with pytest.raises(Refused, match="no rehearsal"):
            rehearsal.taking_part(session, WAVE)


def test_a_real_wave_never_ends_as_a_rehearsal(engine: Engine, home: Path) -> None:
    """To call one a rehearsal is refused; where it was done behind the triggers, its answers are kept all the same."""
    code = next(iter(rounds.open_cast(engine, home).values()))
    rounds.answer(engine, rounds.sent(code))
    with pytest.raises(Refused), writing(engine) as session:
        session.execute(text("UPDATE wave SET rehearsal = true"))
    without_triggers(engine, "UPDATE wave SET rehearsal = true")
    rounds.close(engine)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 1
        broken = frozen_facts.broken(session, waves.wave(session, WAVE))
        assert broken is not None
        assert broken.to("en") == "whether it is a rehearsal"


def test_a_rehearsal_is_not_extended(engine: Engine, home: Path) -> None:
    """Nobody was told when it ends, and a tick ends it after seven days: a later end would be an empty word."""
    opened(engine, home)
    with pytest.raises(Refused, match="A rehearsal cannot be extended"), writing(engine) as session:
        extension.extend(session, CODE, cast.NOW + dt.timedelta(days=10), cast.NOW)
