"""What a worker does: a whole run, or its share of one that is cut into parts."""

from functools import partial
from typing import Final

from survey.database import reading, writing
from survey.i18n import Refused
from survey.runs import queue
from survey.runs.doing import do
from survey.runs.given import Given, HandedOver, Place
from survey.runs.kinds import KINDS, Parts
from survey.services import runs
from survey.services.runs import Outcome

MOST_TRIES: Final = 5
"""How often a part is begun: one that takes its worker down with it must not do so for ever."""


def take_up(place: Place, kind: str) -> None:
    """Do the runs of a kind that nobody has, one after the other; cut into parts what workers share."""
    with reading(place.engine) as session:
        left = [key for key in runs.left(session) if key.kind == kind]
    parts = KINDS[kind].parts
    for key in left:
        if not place.stopping.is_set():
            do(place, key, None if parts is None else partial(_cut, parts))


def make_part(place: Place, part: str, tries: int) -> None:
    """Do one part; whoever does the last one says what came of the run.

    What hinders this part (no room, results that were withdrawn) hinders the others too: the run ends with it.

    Raises:
        Stopping: this process was asked to stop; the part is to be begun again.
        Refused: something hinders it; it is to be begun again, since a store may be away for a moment.
    """
    with reading(place.engine) as session:
        found = runs.part(session, part)
    parts = KINDS[found[0].kind].parts if found else None
    if found is None or parts is None:
        return  # another worker has done it, or the run was begun anew
    key, what = found
    try:
        problem = parts.make(place, key.about, what) if tries < MOST_TRIES else parts.given_up(what)
    except Refused as refused:
        if tries + 1 < MOST_TRIES:
            raise
        _call_off(place, part, refused)
        return
    with writing(place.engine) as session:
        last = runs.finish(session, part, problem)
        if last is not None:
            _, holder, problems = last
            runs.tell(session, key, holder, _told(place, parts, key.about, problems))


def look(place: Place) -> None:
    """Ask for what was left by workers that are gone to be taken up."""
    with writing(place.engine) as session:
        for kind in sorted({key.kind for key in runs.left(session)} & KINDS.keys()):
            queue.take_up(session, kind)


def _cut(parts: Parts, given: Given) -> Outcome:
    whats = parts.cut(given.place, given.about)
    if not whats:
        return parts.told(given.place, given.about, [])
    with writing(given.place.engine) as session:
        queue.share(session, runs.share_out(session, given.key, given.holder, whats))
    raise HandedOver


def _call_off(place: Place, part: str, refused: Refused) -> None:
    with writing(place.engine) as session:
        found = runs.call_off(session, part)
        if found is not None:
            runs.tell(session, *found, ("problem", refused.sentence))


def _told(place: Place, parts: Parts, about: str, problems: list[str]) -> Outcome:
    try:
        return parts.told(place, about, problems)
    except Refused as refused:  # what it is about was withdrawn meanwhile
        return "problem", refused.sentence
