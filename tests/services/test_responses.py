import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select

from survey.database import reading, writing
from survey.i18n import Refused
from survey.instruments.answers import SKIPPED, decode
from survey.instruments.load import builtin
from survey.models import Token
from survey.models.responses import Intake
from survey.services.invitations.codes import grouped, new_receipt
from survey.services.responses import page_time, responses
from survey.services.responses.replies import (
    Accepted,
    AlreadyCounted,
    Closed,
    Good,
    Reply,
    Sent,
    Spent,
    Unknown,
)
from survey.services.waves import closing, waves
from tests import cast
from tests.services import rounds
from tests.services.rounds import CLOSES, SPARES, WAVE, answer, look, sent

MINUTE = dt.timedelta(minutes=1)


def intake(engine: Engine) -> list[Intake]:
    """Return what has arrived."""
    with reading(engine) as session:
        return list(session.scalars(select(Intake)))


def test_a_code_tells_for_which_unit_and_wave_it_is_good(engine: Engine, home: Path) -> None:
    """Looking changes nothing, and names unit and closing time before she answers."""
    di = rounds.open_cast(engine, home)["Di"]
    for _ in range(2):
        assert look(engine, grouped(di).lower()) == Good(
            wave=WAVE,
            unit="NORTH",
            unit_names={"ko": "북부영업", "en": "Sales North"},
            coarse_names={"ko": "영업", "en": "Sales"},
            instrument_id="total-motivation",
            practices=(),
            closes_at=CLOSES,
            k=5,
            retention_months=24,
        )


def test_an_accepted_answer_takes_its_code_and_leaves_one_row(engine: Engine, home: Path) -> None:
    """The row holds the answers, the unit and a hash; the code is gone."""
    di = rounds.open_cast(engine, home)["Di"]
    form = sent(di, "좋습니다 👍", {"play": 7, "inertia": None})
    assert answer(engine, form) == Accepted(WAVE, form.receipt)
    (row,) = intake(engine)
    values = decode(builtin().items, row.answers)
    assert (values["play"], values["inertia"], values["purpose"]) == (7, None, 4)
    assert (row.report_unit, row.comment) == ("NORTH", "좋습니다 👍")
    assert row.answers[-1] == SKIPPED  # a practice that was not asked
    assert look(engine, di) == Spent(WAVE)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Token)) == len(cast.MEMBERS) + SPARES - 1


def test_a_repeated_click_is_thanked_again_and_counts_once(engine: Engine, home: Path) -> None:
    """The same form again, even with other answers by then, changes nothing."""
    form = sent(rounds.open_cast(engine, home)["Di"])
    answer(engine, form)
    assert answer(engine, form) == AlreadyCounted(WAVE, form.receipt)
    assert len(intake(engine)) == 1


def test_a_spent_code_with_another_receipt_is_spent(engine: Engine, home: Path) -> None:
    """Whoever finds a used letter cannot answer, and is not told by whom it was used."""
    di = rounds.open_cast(engine, home)["Di"]
    answer(engine, sent(di))
    assert answer(engine, sent(di)) == Spent(WAVE)
    assert len(intake(engine)) == 1


def test_two_clicks_at_once_count_once(engine: Engine, home: Path) -> None:
    """Two connections send the same form at the same moment: one is accepted, the other thanked again."""
    codes = rounds.open_cast(engine, home)
    for name in ("Di", "Eun", "Fay", "Gil", "Han"):
        form, start = sent(codes[name]), Barrier(4)

        def click(form: Sent = form, start: Barrier = start) -> Reply:
            start.wait()
            return answer(engine, form)

        with ThreadPoolExecutor(4) as pool:
            outcomes = [job.result() for job in [pool.submit(click) for _ in range(4)]]
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Accepted", *["AlreadyCounted"] * 3]
    assert len(intake(engine)) == 5


def test_two_people_with_one_stale_page_both_count(engine: Engine, home: Path) -> None:
    """On a shared computer the page of the person before carries her receipt: the second one gets her own."""
    codes = rounds.open_cast(engine, home)
    first = sent(codes["Di"])
    answer(engine, first)
    second = answer(engine, sent(codes["Eun"], receipt=first.receipt))
    assert isinstance(second, Accepted)
    assert second.receipt != first.receipt
    assert len(intake(engine)) == 2


def test_answers_sent_while_the_wave_closes_are_kept_or_refused_never_lost(engine: Engine, home: Path) -> None:
    """Whatever was accepted before a close that runs at the same time is among the responses after it."""
    codes = rounds.open_cast(engine, home)
    start = Barrier(len(codes) + 1)
    before = CLOSES - MINUTE

    def click(code: str) -> Reply:
        start.wait()
        return answer(engine, sent(code), before)

    def close() -> None:
        start.wait()
        with writing(engine) as session:
            closing.close(session, WAVE, before, early=True)

    with ThreadPoolExecutor(len(codes) + 1) as pool:
        jobs = [pool.submit(click, code) for code in codes.values()]
        pool.submit(close).result()
        outcomes = [job.result() for job in jobs]
    accepted = [outcome for outcome in outcomes if isinstance(outcome, Accepted)]
    assert all(isinstance(outcome, Accepted | Closed) for outcome in outcomes)
    with reading(engine) as session:
        assert len(list(responses.answer_rows(session, waves.wave(session, WAVE)))) == len(accepted)
        assert all(responses.counted(session, outcome.receipt) == WAVE for outcome in accepted)


@pytest.mark.parametrize(
    ("opened_at", "now", "kept"),
    [
        (None, CLOSES - MINUTE, True),
        (None, CLOSES, False),
        (CLOSES - MINUTE, CLOSES, True),
        (CLOSES - 30 * MINUTE, CLOSES + 14 * MINUTE, True),
        (CLOSES - MINUTE, CLOSES + 15 * MINUTE, False),
        (CLOSES, CLOSES + MINUTE, False),
    ],
)
def test_a_page_opened_in_time_may_be_sent_fifteen_minutes_late(
    engine: Engine,
    home: Path,
    opened_at: dt.datetime | None,
    now: dt.datetime,
    kept: bool,  # noqa: FBT001 - a table
) -> None:
    """Who began before the end may finish; who begins after it is told that it is over."""
    di = rounds.open_cast(engine, home)["Di"]
    form = Sent(code=di, receipt=new_receipt(), answers=rounds.FOURS, opened_at=opened_at)
    assert answer(engine, form, now) == (Accepted(WAVE, form.receipt) if kept else Closed(WAVE, CLOSES))
    assert len(intake(engine)) == kept


def test_only_our_own_page_time_is_believed() -> None:
    """A page time is signed; anything else is none."""
    signed = page_time.write(b"secret", cast.NOW)
    assert page_time.read(b"secret", signed) == cast.NOW
    for wrong in ("", "2026-10-01T09:00", signed + "x", page_time.write(b"another", cast.NOW)):
        assert page_time.read(b"secret", wrong) is None


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"play": 0}, "outside its range"),
        ({"play": 8}, "outside its range"),
        ({"play": -1}, "outside its range"),
        ({"horoscope": 4}, "do not belong"),
        ({"feedback_to_all": 4}, "do not belong"),
    ],
)
def test_wrong_answers_are_refused_and_the_code_stays_good(
    engine: Engine, home: Path, answers: dict[str, int | None], why: str
) -> None:
    """Out of range, unknown or not asked: nothing is kept and nothing is lost."""
    di = rounds.open_cast(engine, home)["Di"]
    with pytest.raises(Refused, match=why):
        answer(engine, sent(di, answers=answers))
    assert intake(engine) == []
    assert isinstance(look(engine, di), Good)


def test_a_comment_is_kept_as_plain_text(engine: Engine, home: Path) -> None:
    """NUL and marks that turn the writing direction go; emoji, line breaks and any script stay."""
    di = rounds.open_cast(engine, home)["Di"]
    answer(engine, sent(di, comment="  a\0b\r\n\u202e\u2067ك👩‍👩‍👧\ud800 <b>=1+1</b>\u200f "))
    assert intake(engine)[0].comment == "ab\nك👩‍👩‍👧 <b>=1+1</b>"


@pytest.mark.parametrize("length", [2_001, 20_001, 1_000_000])
def test_a_comment_that_is_too_long_can_be_mended(engine: Engine, home: Path, length: int) -> None:
    """Up to 2,000 characters are kept; more are refused with the number, and the code stays good."""
    di = rounds.open_cast(engine, home)["Di"]
    with pytest.raises(Refused, match=f"has {length:,} characters"):
        answer(engine, sent(di, comment="가" * length))
    assert isinstance(answer(engine, sent(di, comment="가" * 2_000)), Accepted)


def test_a_receipt_tells_before_and_after_the_close_that_she_was_counted(engine: Engine, home: Path) -> None:
    """A receipt is found however it is typed; a made-up one is not; nothing but the wave is told."""
    form = sent(rounds.open_cast(engine, home)["Di"])
    answer(engine, form)
    for closed in (False, True):
        if closed:
            rounds.close(engine)
        with reading(engine) as session:
            assert responses.counted(session, grouped(form.receipt).lower()) == WAVE
            assert responses.counted(session, new_receipt()) is None
            assert responses.counted(session, "x") is None
    assert answer(engine, form, rounds.OVER) == AlreadyCounted(WAVE, form.receipt)


def test_without_a_wave_every_code_is_unknown(engine: Engine) -> None:
    """An installation that never asked anything answers plainly."""
    assert look(engine, new_receipt()) == Unknown()
    assert answer(engine, sent(new_receipt())) == Unknown()


def test_comments_move_to_the_unit_above_at_the_close(engine: Engine, home: Path) -> None:
    """After the close a comment belongs to the team's parent, without its answers; empty ones are not kept."""
    codes = rounds.open_cast(engine, home)
    for name, comment in (("Di", "north"), ("Max", "south"), ("Cy", "top"), ("Eun", "")):
        answer(engine, sent(codes[name], comment=comment))
    rounds.close(engine)
    with reading(engine) as session:
        rows = list(responses.comment_rows(session, waves.wave(session, WAVE)))
    assert sorted(rows) == [("CO", "top"), ("SALES", "north"), ("SALES", "south")]


def test_answers_are_forgotten_when_promised(engine: Engine, home: Path) -> None:
    """Forgetting a wave leaves no answer, comment or receipt of it, and touches no other wave."""
    form = sent(rounds.open_cast(engine, home)["Di"], comment="x")
    answer(engine, form)
    rounds.close(engine)
    second = sent(rounds.open_next(engine, home, rounds.plan_later("next"))["Di"])
    answer(engine, second)
    with writing(engine) as session:
        responses.forget(session, waves.wave(session, WAVE))
    with reading(engine) as session:
        wave = waves.wave(session, WAVE)
        assert list(responses.answer_rows(session, wave)) == []
        assert list(responses.comment_rows(session, wave)) == []
        assert responses.counted(session, form.receipt) is None
        assert responses.counted(session, second.receipt) == "next"


def test_a_receipt_that_counts_in_two_waves_is_known_by_the_first(engine: Engine, home: Path) -> None:
    """A page may be sent again with the code of the next letter: what is said of its receipt never changes."""
    form = sent(rounds.open_cast(engine, home)["Di"])
    answer(engine, form)
    rounds.close(engine)
    plan = rounds.plan_later("next")
    again = sent(rounds.open_next(engine, home, plan)["Di"], receipt=form.receipt)
    assert answer(engine, again, plan.opens_at) == Accepted("next", form.receipt)
    with writing(engine) as session:
        waves.locked(session, WAVE).counted_on = plan.opens_at.date()  # PostgreSQL puts a changed row behind the others
    with reading(engine) as session:
        assert responses.counted(session, form.receipt) == WAVE
    assert answer(engine, again, plan.opens_at) == AlreadyCounted(WAVE, form.receipt)
