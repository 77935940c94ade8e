"""Builds broken on purpose: lives drawn at random must find each, or their silence proves nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.models import Base, Wave
from survey.privacy import gate, protection
from survey.privacy.tree import Tree
from survey.services.responses import responses
from survey.services.responses.replies import Accepted, Reply, Sent
from survey.services.sealing.sealing import Said
from survey.services.waves.asking import Asking, asked_now
from tests.fuzz import told
from tests.privacy.attack.broken import audit_off

Break = Callable[[pytest.MonkeyPatch], None]


def counted_twice(patch: pytest.MonkeyPatch) -> None:
    """The close keeps one answer of two."""
    real = responses.keep_apart

    def keep(session: Session, wave: Wave, said: Sequence[Said]) -> None:
        real(session, wave, [*said, *said[:1]])

    patch.setattr(responses, "keep_apart", keep)


def code_left(patch: pytest.MonkeyPatch) -> None:
    """An answer leaves its code where it was, to be used again."""
    real = responses.accept

    def accept(session: Session, here: Asking | None, sent: Sent, now: Any) -> Reply:  # noqa: ANN401 - handed on
        before = _rows(session, "token")
        reply = real(session, here, sent, now)
        if isinstance(reply, Accepted):
            gone = [row for row in before if row not in _rows(session, "token")]
            session.execute(insert(Base.metadata.tables["token"]), gone)
        return reply

    patch.setattr(responses, "accept", accept)


def one_fewer_shown(patch: pytest.MonkeyPatch) -> None:
    """The gate lets groups through, and rests stay, that have one person fewer than promised."""
    real = protection.protect_tree

    def protect(tree: Tree, counts: Mapping[str, int], k: int, allowed: Any = None) -> Mapping[str, Any]:  # noqa: ANN401 - any collection
        return real(tree, counts, k - 1, allowed)

    patch.setattr(gate, "protect_tree", protect)
    audit_off(patch)


def comments_kept(patch: pytest.MonkeyPatch) -> None:
    """Retention deletes answers and receipts, and forgets what people wrote."""
    real = responses.forget

    def forget(session: Session, wave: Wave) -> bool:
        written = [row for row in _rows(session, "comment") if row["wave_id"] == wave.id]
        done = real(session, wave)
        if written:
            session.execute(insert(Base.metadata.tables["comment"]), written)
        return done

    patch.setattr(responses, "forget", forget)


def remembered_after_restart(patch: pytest.MonkeyPatch) -> None:
    """What is asked now is remembered beyond the end of the process, so that an end that moved is not seen."""
    kept: dict[str, Asking] = {}

    def asked(session: Session, *, locked: bool = False) -> Asking | None:
        here = asked_now(session, locked=locked)
        return None if here is None else kept.setdefault(here.wave.code, here)

    patch.setattr(told, "asked_now", asked)


def _rows(session: Session, table: str) -> list[dict[str, object]]:
    return [dict(row) for row in session.execute(select(Base.metadata.tables[table])).mappings()]
