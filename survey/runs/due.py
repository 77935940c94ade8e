"""What is due is done by one process at a time, whoever asks for it: `survey serve` every ten minutes, `survey tick`.

While the clocks of this machine and of the database server differ nothing is done: a wave that was closed too early, or
answers that were deleted too early, cannot be given back.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from survey.database import reading
from survey.i18n import Sentence
from survey.runs.doing import alone
from survey.runs.given import Place
from survey.runs.report_files import forget_withdrawn
from survey.services import clocks
from survey.services.accounts import heads
from survey.services.runs import Key
from survey.services.waves import by_itself, last_tick, upkeep

TICK: Final = Key("tick", "")
"""Of several processes one at a time does what is due."""


class Done(msgspec.Struct, frozen=True):
    """What was done."""

    sentences: tuple[Sentence, ...]
    heads: int
    """Letters to auditors with the head of the log."""


def do(place: Place, go_on: Callable[[], object] = lambda: None) -> Done | None:
    """Do what is due; None where another process is at it. `go_on` comes between promises and letters.

    Raises:
        ClocksApart: this machine's clock and the database server's differ.
    """
    with reading(place.engine) as session:
        clocks.require_one_time(session, place.now())
    with alone(place, TICK) as here:
        return _do(place, go_on) if here else None


def _do(place: Place, go_on: Callable[[], object]) -> Done:
    engine, settings = place.engine, place.settings
    said = upkeep.tick(engine, settings.home, place.now(), settings.keys).sentences()
    last_tick.note(settings.home, place.now())
    go_on()
    said += by_itself.go_on(engine, settings, place.now())
    mailed = heads.mail(engine, settings, place.now())
    with reading(engine) as session:
        forget_withdrawn(session, settings)  # last: a store that is away must not keep letters back
    return Done(tuple(said), mailed)
