"""Who came, left, or works elsewhere between two waves, told from their frozen rosters."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.models import RosterEntry, Wave
from survey.privacy.strict import Move
from survey.privacy.tree import Tree, TreeUnit
from survey.services import frozen


def moves(session: Session, wave: Wave, before: Wave) -> tuple[Move, ...]:
    """Return one move for each person whose place in the tree is not what it was."""
    (now_paths, then_paths), (now, then) = (
        [_paths(session, each) for each in (wave, before)],
        [_roster(session, each) for each in (wave, before)],
    )
    found = (
        Move(then_paths.get(then.get(person, ""), ()), now_paths.get(now.get(person, ""), ()))
        for person in sorted(now.keys() | then.keys())
    )
    return tuple(move for move in found if move.then != move.now)


def count(moves: Iterable[Move]) -> Counter[str]:
    """Count for each unit the people who joined or left it, or anything below it."""
    return Counter(code for move in moves for code in set(move.then) ^ set(move.now))


def _roster(session: Session, wave: Wave) -> dict[int, str]:
    rows = session.execute(select(RosterEntry.person_id, RosterEntry.report_unit).where(RosterEntry.wave_id == wave.id))
    return dict(rows.all())


def _paths(session: Session, wave: Wave) -> dict[str, tuple[str, ...]]:
    tree = Tree(TreeUnit(unit.code, unit.parent) for unit in frozen.frozen_tree(session, wave))
    return {code: tree.path(code) for code in tree.codes}
