"""Who came, left, or works elsewhere between two waves, told from their frozen rosters."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import RosterEntry, Wave
from survey.privacy.strict import Move
from survey.privacy.tree import Tree, TreeUnit
from survey.services.waves import frozen


@dataclass(frozen=True)
class Roster:
    """The frozen roster of a wave: where each person's answers count, and the units above each unit and itself."""

    places: Mapping[int, str]
    paths: Mapping[str, tuple[str, ...]]


def roster(session: Session, wave: Wave) -> Roster:
    """Return the roster of a wave as it was frozen."""
    rows = session.execute(select(RosterEntry.person_id, RosterEntry.report_unit).where(RosterEntry.wave_id == wave.id))
    tree = Tree(TreeUnit(unit.code, unit.parent) for unit in frozen.frozen_tree(session, wave))
    return Roster(dict(rows.all()), {code: tree.path(code) for code in tree.codes})


def moves(now: Roster, then: Roster) -> tuple[Move, ...]:
    """Return one move for each person whose place in the tree is not what it was."""
    found = (
        Move(then.paths.get(then.places.get(person, ""), ()), now.paths.get(now.places.get(person, ""), ()))
        for person in sorted(now.places.keys() | then.places.keys())
    )
    return tuple(move for move in found if move.then != move.now)


def count(moves: Iterable[Move]) -> Counter[str]:
    """Count for each unit the people who joined or left it, or anything below it."""
    return Counter(code for move in moves for code in set(move.then) ^ set(move.now))
