"""The same attacks on a sealed wave: nothing to read while it is open, nothing to order once it is unsealed."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from nacl.public import PrivateKey

from survey.attack import orders
from survey.attack.finding import Occasion
from survey.attack.known import trials, verdict
from survey.attack.open_text import lying_open
from survey.attack.remains import logged
from survey.attack.target import opened
from survey.attack.watching import attack, readable
from survey.database import engine as open_engine
from survey.services.sealing import sealing
from tests.attack.conftest import FEW
from tests.attack.judging import beats, first_seen
from tests.attack.staging import COPIES, Stage, attacked, numbers, stage
from tests.services import rounds, sealed
from tests.services.rounds import OVER

SEALED = 120
Locked = tuple[Stage, PrivateKey]


def lock(empty: Stage, people: int, copies: int = 0) -> Locked:
    """Stage answers in a sealed wave, and return the key of one keyholder."""
    engine = open_engine(empty.url)
    keys = sealed.register(engine)
    engine.dispose()
    return stage(empty, people, rounds.plan(), copies), next(iter(keys.values()))


@pytest.fixture(scope="module")
def locked(fresh: Callable[[], Stage]) -> Locked:
    """Give known answers in a sealed wave that is open, and the key of one keyholder."""
    return lock(fresh(), SEALED, COPIES)


def test_no_answer_of_a_sealed_wave_can_be_read_while_it_is_open(locked: Locked) -> None:
    """No known answer or comment lies in a file or a log in the clear, and no box is told from another by its size."""
    staged, _key = locked
    with staged.branch() as engine, attacked(engine, staged.home) as target:
        assert lying_open(target, staged.known) == 0
        assert readable(target) == []
        assert target.sqlite or logged(target) == {}
        outcomes = [finding.outcome for finding in attack(target, Occasion(OVER))]
        assert outcomes == ["nothing", "possible"]
        tables = {order.table for order in orders.orders(target)}
        assert tables == {"intake"}


def test_no_order_tells_who_said_what_after_the_unsealing(locked: Locked) -> None:
    """Neither rows and pages nor copies taken meanwhile tell anything once the boxes were opened."""
    staged, key = locked

    def attempt() -> float:
        with staged.branch() as engine:
            rounds.close(engine)
            sealed.unseal(engine, key)
            with attacked(engine) as target:
                found = list(trials(orders.orders(target), staged.known, numbers(target)))
        assert {trial.table for trial in found} == {"response", "comment", "receipt"}
        return verdict(found)

    assert not beats(attempt)


def test_copies_of_a_sealed_wave_tell_nothing_of_its_answers(locked: Locked) -> None:
    """Boxes in copies taken while the wave was open are recognised neither as answers nor as anything that is kept."""
    staged, key = locked
    with staged.branch() as engine, ExitStack() as stack:
        rounds.close(engine)
        sealed.unseal(engine, key)
        copies = [stack.enter_context(opened(url, None)) for url in staged.copies]
        after = stack.enter_context(attacked(engine))
        assert first_seen(copies, after).rows == ()


def test_a_build_that_does_not_encrypt_is_found(fresh: Callable[[], Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    """With boxes that are not locked every answer and every comment is found."""
    monkeypatch.setattr(sealing, "seal", lambda _wave, said: said.answers + said.comment.encode())
    staged, _key = lock(fresh(), FEW)
    with staged.branch() as engine, attacked(engine) as target:
        assert lying_open(target, staged.known) == 2 * FEW
        assert readable(target)
