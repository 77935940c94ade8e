from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.database import reading
from survey.services.invitations.codes import ALPHABET, belongs_to, code_for, new_receipt
from survey.services.responses import responses
from survey.services.responses.replies import Closed, Good, OtherWave, Spent, Unknown
from survey.services.waves.asking import asked_now
from tests import cast
from tests.services import rounds
from tests.services.rounds import CLOSES, WAVE, answer, look, sent


@pytest.mark.parametrize(
    "typed", ["", "hello", "0" * 15, "0" * 17, "UUUU-UUUU-UUUU-UUUU", "0" * 10_000, "\0" * 16, "가"]
)
def test_what_cannot_be_a_code_is_unknown(engine: Engine, home: Path, typed: str) -> None:
    """Truncated, too long, with letters that no code has: one plain answer, no failure."""
    rounds.open_cast(engine, home)
    assert look(engine, typed) == Unknown()
    assert answer(engine, sent(typed)) == Unknown()


def test_a_mistyped_code_is_told_from_a_spent_one(engine: Engine, home: Path) -> None:
    """One wrong character anywhere, or two swapped, makes a code unknown: the last characters check the first.

    Of a thousand slips one passes that check by chance; more than three of thirty hardly ever do.
    """
    di = rounds.open_cast(engine, home)["Di"]
    answer(engine, sent(di))
    slips = [di[:at] + ALPHABET[(ALPHABET.index(di[at]) + 1) % 32] + di[at + 1 :] for at in range(16)]
    slips += [di[:at] + di[at + 1] + di[at] + di[at + 2 :] for at in range(15) if di[at] != di[at + 1]]
    assert sum(belongs_to(slip, WAVE) for slip in slips) <= 3
    assert {look(engine, slip) for slip in slips if not belongs_to(slip, WAVE)} == {Unknown()}


def test_ten_thousand_guesses_find_nothing(engine: Engine, home: Path) -> None:
    """Guesses that even know the rule of the last characters are spent or unknown, never good."""
    rounds.open_cast(engine, home)
    with reading(engine) as session:
        here = asked_now(session)
        for person in range(10_000):
            guess = code_for(b"a guess", WAVE, person) if person % 2 else new_receipt()
            assert isinstance(responses.look(session, here, guess, cast.NOW), Spent | Unknown)


def test_a_code_of_an_earlier_wave_says_so(engine: Engine, home: Path) -> None:
    """While the next wave is open, an old letter's code is of another wave, used or not; without one it is too late."""
    old = rounds.open_cast(engine, home)
    rounds.close(engine)
    assert look(engine, old["Di"], rounds.OVER) == Closed(WAVE, CLOSES)
    assert answer(engine, sent(old["Di"]), rounds.OVER) == Closed(WAVE, CLOSES)
    new = rounds.open_next(engine, home, rounds.plan_later("2027-Q1"))
    assert look(engine, old["Di"]) == OtherWave(WAVE, "2027-Q1")
    assert answer(engine, sent(old["Di"])) == OtherWave(WAVE, "2027-Q1")
    assert new["Di"] != old["Di"]
    assert isinstance(look(engine, new["Di"]), Good)
