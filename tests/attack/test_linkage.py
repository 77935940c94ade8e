"""500 known people, 500 known answers: does any order in the database tell which answer is whose?

The tests draw real random numbers, so an honest build gets a small p now and then. All tests of a database together
are one family (Bonferroni), which falls to 0.01 or below in at most one of 100 closes; a build is accused only where
three independent closes in a row fell there. So an honest build fails at most once in a million runs, and a broken one,
whose p is as small as 40,000 permutations can tell in every close, fails always.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from survey.attack import orders
from survey.attack.chance import LEVEL, judge
from survey.attack.known import ARRIVAL, ROSTER, Trial, places, trials, verdict
from survey.attack.target import opened
from survey.attack.transactions import joined, stepwise
from survey.attack.watching import between, paired, spent
from survey.database import engine as open_engine
from survey.services.invitations import issue_key
from survey.services.responses import responses
from survey.services.responses.replies import Reply
from tests.attack.conftest import FEW, PEOPLE
from tests.attack.judging import beats, first_seen
from tests.attack.staging import Stage, attacked, numbers, stage
from tests.services import rounds
from tests.services.rounds import WAVE

CHANNELS = {
    "sqlite": (orders.SELECTED, orders.PLACED, orders.SPILLED, orders.INDEXED),
    "postgresql": (orders.SELECTED, orders.PLACED, orders.INDEXED, orders.WITHIN, orders.TOASTED),
}


def tried(engine: Engine, staged: Stage) -> list[Trial]:
    """Run every test of order on a database."""
    with attacked(engine) as target:
        return list(trials(orders.orders(target), staged.known, numbers(target)))


def after_a_close(staged: Stage) -> list[Trial]:
    """Close the wave in a branch of its own, and run every test."""
    with staged.branch() as engine:
        rounds.close(engine)
        return tried(engine, staged)


def test_no_order_tells_who_said_what_after_the_close(staged: Stage, kind: str) -> None:
    """Neither rows, pages, indexes, commands nor pieces of long texts tell arrival, people, or each other's order."""
    found: list[Trial] = []

    def attempt() -> float:
        found[:] = after_a_close(staged)
        return verdict(found)

    assert not beats(attempt)
    assert {trial.channel.text for trial in found} == {channel.text for channel in CHANNELS[kind]}
    assert {trial.table for trial in found} == {"response", "comment", "receipt"}
    assert {ARRIVAL.text, ROSTER.text} < {trial.against.text for trial in found}
    assert max(trial.chance.n for trial in found) == PEOPLE


def test_the_order_of_arrival_can_be_read_while_an_unsealed_wave_is_open(staged: Stage) -> None:
    """The same tests succeed on the files of an open wave: the promise does not say otherwise, and they do find."""
    with staged.branch() as engine:
        assert verdict(tried(engine, staged)) <= LEVEL


def rows_as_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break the build: the close keeps rows in the order in which it reads them."""
    monkeypatch.setattr(responses, "SystemRandom", Unmoved)
    monkeypatch.setattr(responses, "sorted", lambda rows, key: rows, raising=False)  # noqa: ARG005 - as `sorted` is called


class Unmoved:
    """A shuffle that does nothing."""

    def shuffle(self, rows: list[object]) -> None:
        """Leave rows where they are."""


def with_row_numbers(staged: Stage) -> None:
    """Break the build: SQLite's tables of answers get their hidden row numbers back."""
    engine = open_engine(staged.url)
    with engine.begin() as connection:
        made = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")).all()
        for name, statement in made:
            connection.execute(text(f"ALTER TABLE {name} RENAME TO old_{name}"))
            connection.execute(text(statement.replace("WITHOUT ROWID", "")))
            connection.execute(text(f"DROP TABLE old_{name}"))
    engine.dispose()


def test_a_build_that_does_not_shuffle_is_found(
    fresh: Callable[[], Stage], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the shuffle, and with SQLite's hidden row numbers, the order of arrival survives the close."""
    empty = fresh()
    if kind == "sqlite":
        with_row_numbers(empty)
    staged = stage(empty, FEW, rounds.plan())
    rows_as_they_came(monkeypatch)
    found: list[Trial] = []

    def attempt() -> float:
        found[:] = after_a_close(staged)
        return verdict(found)

    assert beats(attempt)
    channels = {trial.channel.text for trial in found if trial.chance.right == FEW}
    assert (orders.NUMBERED if kind == "sqlite" else orders.PLACED).text in channels


def test_a_build_whose_ids_count_up_is_found(staged: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ids that count up in the order of arrival every answer is paired with its person."""
    arrived = {one.answers: one.order for one in staged.known} | {one.comment: one.order for one in staged.known}

    def counted(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        order = sorted(rows, key=lambda row: arrived[row.get("answers") or row["text"]])  # type: ignore[index] # either is there
        return [{"id": n.to_bytes(16), **row} for n, row in enumerate(order)]

    monkeypatch.setattr(responses, "_with_ids", counted)
    assert any(trial.chance.right == PEOPLE and trial.against == ARRIVAL for trial in after_a_close(staged))


def test_no_transaction_joins_people_to_answers(staged: Stage) -> None:
    """Transaction numbers of live and dead rows join nothing, neither in the open wave nor after the close."""
    with staged.branch() as engine:
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection, pytest.raises(Exception, match="no such column: rowid"):
                connection.execute(text("SELECT rowid FROM intake"))
            return
        with attacked(engine) as target:
            assert joined(target) == {}
        rounds.close(engine)
        with attacked(engine) as target:
            assert joined(target) == {}
            assert stepwise(target) == []


def test_a_build_that_ticks_people_off_is_found(
    fresh: Callable[[], Stage], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row of a person that is written in the transaction of her answer is joined to it, even without any value."""
    honest = responses.accept
    order: Iterator[int] = iter(range(FEW))

    def ticking(session: Session, *rest: object) -> Reply:
        session.execute(
            text("UPDATE invitation SET reminders = reminders WHERE person_id = :n"), {"n": next(order) + 1}
        )
        return honest(session, *rest)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(responses, "accept", ticking)
    if kind == "postgresql":
        with stage(fresh(), FEW, rounds.plan()).branch() as engine, attacked(engine) as target:
            assert len(joined(target)) == FEW


def test_what_the_holder_of_the_issue_key_and_the_disk_can_do(staged: Stage) -> None:
    """While an unsealed wave is open, spent codes list who answered, and lead to the answers: the warning is true."""
    key = issue_key.read(staged.home, WAVE)
    told = {one.number: one.answers for one in staged.known}
    with staged.branch() as engine:
        with attacked(engine) as target:
            assert set(spent(target, key).values()) == told.keys()
            if not target.sqlite:
                # PostgreSQL tidies up a page now and then, so some dead rows of codes are gone already.
                found = paired(target, key)
                assert found.items() <= told.items()
                assert len(found) > PEOPLE // 2
                return
        with attacked(engine) as before:
            one = rounds.sent(staged.silent, answers={"play": 1})
            assert isinstance(rounds.answer(engine, one), responses.Accepted)
            with attacked(engine) as after:
                people, sent = between(before, after, key)
    assert people == {"boss"}
    assert len(sent) == 1


def test_copies_taken_while_an_unsealed_wave_is_open_tell_when(staged: Stage) -> None:
    """Whoever keeps copies of an unsealed open wave can tell afterwards when an answer came: the warning is true."""
    with staged.branch() as engine, ExitStack() as stack:
        rounds.close(engine)
        copies = [stack.enter_context(opened(url, None)) for url in staged.copies]
        after = stack.enter_context(attacked(engine))
        order = places(first_seen(copies, after), staged.known)
        assert judge(order).p <= LEVEL
