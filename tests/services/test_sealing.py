import secrets
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry, Keyholder, WaveKey
from survey.models.responses import Comment, Intake, SealedResponse
from survey.services.publication import publication
from survey.services.responses import responses
from survey.services.sealing import keyholders, unsealing
from survey.services.sealing.key_text import fingerprint, text_of
from survey.services.waves import opening, participation, upkeep, wave_plans, waves
from survey.services.waves.retention import months_after
from tests import cast
from tests.services import rounds, sealed
from tests.services.rounds import WAVE
from tests.services.sealed import COUNCIL, LEAD, Told

ROOT = Path(__file__).parents[2]


@pytest.fixture
def keys(engine: Engine) -> dict[str, PrivateKey]:
    """Give the private keys of two keyholders, who are registered."""
    return sealed.register(engine)


@pytest.fixture
def told(engine: Engine, home: Path, keys: dict[str, PrivateKey]) -> Told:
    """Give what everybody said in a wave that is sealed, because there are keyholders, and open."""
    assert len(keys) == 2
    return sealed.answered(engine, home)


def why(engine: Engine, key_file: bytes, wave: str = WAVE) -> str:
    """Try to unseal; return the sentence that refuses it."""
    with pytest.raises(Refused) as refused, writing(engine) as session:
        unsealing.unseal(session, wave, key_file, rounds.OVER)
    return refused.value.sentence.to("en")


@pytest.mark.parametrize("holder", [LEAD, COUNCIL])
def test_a_sealed_wave_comes_out_as_it_went_in(
    engine: Engine, keys: dict[str, PrivateKey], told: Told, holder: str
) -> None:
    """Boxes while it is open, boxes after a close that needs no key; any one key brings every answer back."""
    arrived = sealed.kept(engine)
    assert len(arrived.arrived) == len(told.vectors)
    assert (arrived.vectors, arrived.comments) == ([], [])
    rounds.close(engine)
    closed = sealed.kept(engine)
    assert Counter(closed.boxes) == Counter(arrived.arrived)
    assert (closed.arrived, closed.vectors, closed.comments) == ([], [], [])
    assert len(closed.wrapped) == 2
    with reading(engine) as session:
        wave = waves.wave(session, WAVE)
        assert sum(responses.counts(session, wave).values()) == len(told.vectors)
        assert participation.bands(session, wave)["CO"] != ""
        assert [responses.counted(session, receipt) for receipt in told.receipts] == [WAVE] * len(told.receipts)
    with pytest.raises(Refused, match="still sealed: unseal it"), writing(engine) as session:
        publication.publish(session, WAVE, rounds.OVER)
    assert sealed.unseal(engine, keys[holder]) == 0
    opened = sealed.kept(engine)
    assert (opened.boxes, opened.wrapped) == ([], [])
    assert Counter(opened.vectors) == Counter(told.vectors)
    assert Counter(opened.comments) == Counter(told.comments)
    with reading(engine) as session:
        wave = waves.wave(session, WAVE)
        assert (wave.sealed, wave.seal_key) == (True, None)
        assert sum(responses.counts(session, wave).values()) == len(told.vectors)
        # The comments of the cast's teams are kept one level up, as in any other wave.
        assert set(session.scalars(select(Comment.coarse_unit))) == {"SALES", "CARE", "CO"}
        facts = session.scalars(select(AuditEntry.facts).where(AuditEntry.act == "wave unsealed")).one()
    assert facts == {"wave": WAVE, "keyholder": fingerprint(bytes(keys[holder].public_key))}
    with writing(engine) as session:
        publication.publish(session, WAVE, rounds.OVER)


def test_a_box_tells_nothing_by_its_length(engine: Engine, home: Path, keys: dict[str, PrivateKey]) -> None:
    """Whoever writes nothing, a word or two thousand signs of four bytes sends a box of one and the same size."""
    assert keys
    codes = rounds.open_cast(engine, home)
    for name, comment in {"Di": "", "Eun": "음", "Fay": "🫠" * 2_000, "Gil": "좋" * 2_000}.items():
        rounds.answer(engine, rounds.sent(codes[name], comment))
    assert len({len(box) for box in sealed.kept(engine).arrived}) == 1


def test_the_same_answers_make_other_boxes(engine: Engine, home: Path, keys: dict[str, PrivateKey]) -> None:
    """Two people who say the same cannot be told to have said the same."""
    assert keys
    codes = rounds.open_cast(engine, home)
    for name in ("Di", "Eun"):
        rounds.answer(engine, rounds.sent(codes[name], "same"))
    assert len(set(sealed.kept(engine).arrived)) == 2


def test_waves_are_sealed_where_two_can_open_them(engine: Engine) -> None:
    """From two keyholders on a wave is sealed unless HR says otherwise; with fewer it is not unless HR says so."""
    planned: list[list[bool]] = []
    for holder in (LEAD, COUNCIL, "A third one"):
        with writing(engine) as session:
            plans = [msgspec.structs.replace(rounds.plan(), sealed=asked) for asked in (None, True, False)]
            planned.append([_planned(session, plan) for plan in plans])
        sealed.register(engine, holder)
    assert planned == [[False, True, False], [False, True, False], [True, True, False]]


def _planned(session: Session, plan: wave_plans.WaveDraft) -> bool:
    wave = wave_plans.draft(session, plan, cast.NOW)
    wave_plans.discard(session, plan.code, cast.NOW)
    session.flush()
    return wave.sealed


@pytest.mark.parametrize("holders", [(), (LEAD,)])
def test_one_lost_key_must_not_be_a_lost_wave(engine: Engine, home: Path, holders: tuple[str, ...]) -> None:
    """A sealed wave opens for two keyholders or more; the refusal says so, and what to do."""
    if holders:
        sealed.register(engine, *holders)
    with writing(engine) as session:
        cast.load(session)
    with writing(engine) as session:
        wave_plans.draft(session, msgspec.structs.replace(rounds.plan(), sealed=True), cast.NOW)
    with pytest.raises(Refused, match="one lost key is not a lost wave"), writing(engine) as session:
        opening.open_wave(session, WAVE, cast.NOW, home)
    with reading(engine) as session:
        assert waves.wave(session, WAVE).state == "draft"


def test_keys_that_do_not_open_a_wave_say_why(engine: Engine, keys: dict[str, PrivateKey], told: Told) -> None:
    """No key file, a damaged one, a stranger's, one that came too late: a sentence each, and nothing changes."""
    assert told.vectors
    right = text_of(keys[LEAD])
    assert "unsealed after it has been closed" in why(engine, right.encode())
    late = sealed.register(engine, "Came later")["Came later"]
    rounds.close(engine)
    before = sealed.kept(engine)
    assert "no key file of a keyholder" in why(engine, b"")
    assert "no key file of a keyholder" in why(engine, b"\x89PNG\r\n")
    assert "no key file of a keyholder" in why(engine, b"x" * 10_000_000)
    assert "This key file is damaged" in why(engine, right.replace("-----\n", "-----\n0", 1).encode())
    stranger = why(engine, text_of(PrivateKey.generate()).encode())
    assert f"no keyholder of this installation. Wave {WAVE} is opened by" in stranger
    assert stranger.endswith(f"{LEAD}, {COUNCIL}.")
    assert "was registered after wave" in why(engine, text_of(late).encode())
    assert "There is no wave 2020-Q1" in why(engine, right.encode(), "2020-Q1")
    assert sealed.kept(engine) == before
    sealed.unseal(engine, keys[LEAD])
    assert "has been unsealed already" in why(engine, right.encode())


def test_a_wave_that_is_not_sealed_needs_no_key(engine: Engine, home: Path) -> None:
    """Unsealing it is refused in words; without keyholders everything is as it was."""
    rounds.open_cast(engine, home)
    rounds.close(engine)
    assert "is not sealed: its answers need no key" in why(engine, text_of(PrivateKey.generate()).encode())


@pytest.mark.parametrize("swapped", [False, True])
def test_a_wrapped_key_that_is_damaged_leaves_the_other(
    engine: Engine, keys: dict[str, PrivateKey], told: Told, *, swapped: bool
) -> None:
    """Where what was wrapped for one keyholder is lost or swapped, the sentence sends to the other, who succeeds."""
    rounds.close(engine)
    foreign = SealedBox(keys[LEAD].public_key).encrypt(secrets.token_bytes(32))
    with writing(engine) as session:
        lead = session.scalars(select(Keyholder.id).where(Keyholder.name == LEAD)).one()
        box = foreign if swapped else secrets.token_bytes(80)
        session.execute(update(WaveKey).where(WaveKey.keyholder_id == lead).values(box=box))
    assert "Use another keyholder's key" in why(engine, text_of(keys[LEAD]).encode())
    sealed.unseal(engine, keys[COUNCIL])
    assert Counter(sealed.kept(engine).vectors) == Counter(told.vectors)


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "moved", "swapped in"])
def test_a_damaged_box_is_told_and_loses_no_other(
    engine: Engine, keys: dict[str, PrivateKey], told: Told, damage: str
) -> None:
    """It is counted and everything stays; who wants to go on without it must say so, and the log tells."""
    rounds.close(engine)
    with writing(engine) as session:
        victim = session.scalars(select(SealedResponse).where(SealedResponse.report_unit == "NORTH").limit(1)).one()
        damaged = {
            "flipped": victim.box[:-1] + bytes([victim.box[-1] ^ 1]),
            "cut": victim.box[:60],
            "empty": b"",
            "moved": victim.box,
            "swapped in": SealedBox(PrivateKey.generate().public_key).encrypt(bytes(8192)),
        }
        victim.box = damaged[damage]
        victim.report_unit = "SOUTH" if damage == "moved" else victim.report_unit
    before = sealed.kept(engine)
    assert "1 of the sealed answers of wave 2026-Q4 are damaged" in why(engine, text_of(keys[LEAD]).encode())
    assert sealed.kept(engine) == before
    assert sealed.unseal(engine, keys[LEAD], without_damaged=True) == 1
    assert len(Counter(told.vectors) - Counter(sealed.kept(engine).vectors)) == 1
    with reading(engine) as session:
        facts = session.scalars(select(AuditEntry.facts).where(AuditEntry.act == "wave unsealed")).one()
    assert facts["set_aside"] == "1"


def test_a_wave_that_nobody_unsealed_is_deleted_when_promised(
    engine: Engine, home: Path, keys: dict[str, PrivateKey], told: Told
) -> None:
    """Boxes, receipts and wrapped keys go at the end of the retention, and the keyholder is free."""
    assert keys
    rounds.close(engine)
    with reading(engine) as session:
        holder = keyholders.named(session, LEAD)
    assert holder.waves == (WAVE,)
    with pytest.raises(Refused, match=f"holds a key of {WAVE}"), writing(engine) as session:
        keyholders.remove(session, holder.id, rounds.OVER)
    due = months_after(rounds.CLOSES, 24)
    assert upkeep.tick(engine, home, due).deleted == (WAVE,)
    assert upkeep.tick(engine, home, due).deleted == ()
    kept = sealed.kept(engine)
    assert (kept.boxes, kept.wrapped) == ([], [])
    with writing(engine) as session:
        assert responses.counted(session, told.receipts[0]) is None
        keyholders.remove(session, holder.id, due)


def test_a_sealed_wave_in_which_nobody_answered_keeps_no_key(
    engine: Engine, home: Path, keys: dict[str, PrivateKey]
) -> None:
    """There is no box to open, and on the day of deletion the wrapped keys go all the same, and keyholders are free."""
    assert keys
    rounds.open_cast(engine, home)
    rounds.close(engine)
    due = months_after(rounds.CLOSES, 24)
    assert upkeep.tick(engine, home, due).deleted == (WAVE,)
    assert upkeep.tick(engine, home, due).deleted == ()
    assert sealed.kept(engine).wrapped == []
    with writing(engine) as session:
        assert waves.wave(session, WAVE).seal_key is None
        keyholders.remove(session, keyholders.named(session, LEAD).id, due)


def test_an_answer_is_not_taken_in_the_clear_where_the_key_is_gone(
    engine: Engine, home: Path, keys: dict[str, PrivateKey]
) -> None:
    """A sealed wave that has lost its key takes no answer at all, rather than one that anybody could read."""
    assert keys
    code = rounds.open_cast(engine, home)["Di"]
    with writing(engine) as session:
        session.execute(delete(WaveKey))
        waves.wave(session, WAVE).seal_key = None
    with pytest.raises(ValueError, match="no key to seal with"):
        rounds.answer(engine, rounds.sent(code))
    with reading(engine) as session:
        assert session.scalars(select(Intake)).all() == []


KILLED = """
import sys
from survey.database import engine, writing
from survey.services.sealing import unsealing
from tests.services import rounds
with writing(engine(sys.argv[1])) as session:
    unsealing.unseal(session, rounds.WAVE, sys.stdin.buffer.read(int(sys.argv[2])), rounds.OVER)
    print("everything is written", flush=True)
    sys.stdin.read()
"""


def test_a_kill_in_the_middle_of_unsealing_loses_nothing(
    engine: Engine, environment: dict[str, str], keys: dict[str, PrivateKey], told: Told
) -> None:
    """Killed with everything written but not committed: the boxes are as before, and the next try succeeds."""
    rounds.close(engine)
    before, key = sealed.kept(engine), text_of(keys[LEAD]).encode()
    command = [sys.executable, "-c", KILLED, environment["SURVEY_DATABASE_URL"], str(len(key))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:  # noqa: S603 - our own program
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(key)
        process.stdin.flush()
        assert process.stdout.readline() == b"everything is written\n"
        process.send_signal(signal.SIGKILL)
    assert sealed.kept(engine) == before
    sealed.unseal(engine, keys[COUNCIL])
    opened = sealed.kept(engine)
    assert Counter(opened.vectors) == Counter(told.vectors)
    assert Counter(opened.comments) == Counter(told.comments)
