"""More builds broken on purpose, and of every one of them where a life finds it."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from survey.models import AuditEntry, Wave
from survey.privacy.notices import Afterwards
from survey.services import audit_log
from survey.services.accounts import accounts
from survey.services.backups import backups
from survey.services.backups.backup_file import Rows
from survey.services.backups.putting import Putting
from survey.services.invitations import invitations, issue_key
from survey.services.moving import moving
from survey.services.publication import comments, notices, publication
from survey.services.responses import responses
from survey.services.roster import erasing
from survey.services.sealing import sealing
from survey.services.waves import closing, frozen, frozen_facts, participation
from survey.services.waves.joining import Roster
from tests.fuzz import carried, faults
from tests.fuzz.faults import Break
from tests.fuzz.model import SECOND


class Fault(NamedTuple):
    """A build that is broken."""

    make: Break
    found: tuple[str, ...]
    """By which promise, or which step, a life may find it."""
    always: bool = False
    """Whether it is looked for in every run, and not with `--fuzz-minutes` only."""


def put(place: object, name: str, what: object) -> Break:
    """Return a fault that is one function, or number, in the place of another."""

    def make(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(place, name, what)

    return make


def around(place: object, name: str, what: Callable[..., Any]) -> Break:
    """Return a fault that is a function around the real one, which it is given first."""

    def make(patch: pytest.MonkeyPatch) -> None:
        real = getattr(place, name)
        patch.setattr(place, name, lambda *facts, **more: what(real, *facts, **more))

    return make


def one_id_for_both(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give a comment the key of its answer."""
    keys = (hashlib.sha256(f"{row['wave_id']} {place}".encode()).digest()[:16] for place, row in enumerate(rows))
    return [{"id": key, **row} for key, row in zip(keys, rows, strict=True)]


def kept_longer(real: Callable[..., Wave], session: Session, *facts: object, **more: object) -> Wave:
    """Close, and let answers be kept for a year more than was promised, past what guards it."""
    wave = real(session, *facts, **more)
    for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f'DROP TRIGGER "{name}"'))
    wave.retention_months += 12
    return wave


def read_where_kept(_tree: object, _shown: object, _people: object, comments: Mapping[str, int], *_: object) -> Any:  # noqa: ANN401 - as it is
    """Have comments read where they are kept, however few there are."""
    return {unit: unit for unit in comments}


def in_korean(real: Callable[..., Any], about: object, reader: msgspec.Struct, *code: str) -> Any:  # noqa: ANN401 - handed on
    """Write to everybody in one language."""
    return real(about, msgspec.structs.replace(reader, language="ko"), *code)


def a_second_later(real: Callable[..., None], session: Session, now: dt.datetime, *facts: object, **more: str) -> None:
    """Write an act into the log, and then another time for it."""
    real(session, now, *facts, **more)
    newest = select(func.max(AuditEntry.id)).scalar_subquery()
    session.execute(update(AuditEntry).where(AuditEntry.id == newest).values(at=now + SECOND))


def forgotten_comments(patch: pytest.MonkeyPatch) -> None:
    """Move without comments, and compare nothing."""
    real = Putting.put

    def put_(self: Putting, table: Any, rows: Sequence[dict[str, Any]]) -> None:  # noqa: ANN401 - handed on
        if rows and table.name != "comment":
            real(self, table, rows)

    patch.setattr(Putting, "put", put_)
    patch.setattr(moving, "_require_same", lambda *_: None)


def unjoined(roster: Roster, _joins: object, _k: int) -> Roster:
    """Forget what HR joined."""
    return roster


def in_the_clear(_wave: str, _stage: str, _key: bytes, rows: Rows) -> Rows:
    """Write what people said into a backup as it is."""
    return rows


def still_named(_session: Session, _found: object, _today: dt.date) -> None:
    """Erase nobody."""


def withdrawn_or_not(session: Session) -> Iterator[tuple[Wave, str, Afterwards]]:
    """Yield every publication, whatever was said of it since."""
    said = notices.said(session)
    for wave in session.scalars(select(Wave).where(Wave.state == "published").order_by(Wave.opens_at, Wave.id)):
        yield wave, publication.digests(session)[wave.code], said.afterwards(wave)


ANSWERS: Final = "each_answer_counts_once"
CODES: Final = "codes_and_answers_are_as_many_as_letters"
FAULTS: Final[Mapping[str, Fault]] = {
    "counted_twice": Fault(faults.counted_twice, (ANSWERS,), always=True),
    "code_left": Fault(
        faults.code_left,
        ("_send", ANSWERS, "somebody_answers", CODES),
        always=True,
    ),
    "one_fewer_shown": Fault(faults.one_fewer_shown, ("nobody_is_given_away", "groups_are_large_enough"), always=True),
    "comments_kept": Fault(faults.comments_kept, (ANSWERS,), always=True),
    "remembered_after_restart": Fault(faults.remembered_after_restart, ("_send",), always=True),
    "rehearsal_like_a_wave": Fault(
        put(frozen_facts, "promised_rehearsal", lambda _: False),
        (ANSWERS, "do", "ticked"),
    ),
    "group_not_joined": Fault(put(frozen, "joined", unjoined), ("_are_joined", "do")),
    "one_id_for_both": Fault(put(responses, "_with_ids", one_id_for_both), ("no_order_tells_who_came_first",)),
    "issue_key_left": Fault(
        put(issue_key, "destroy", lambda *_: False), ("keys_are_gone_after_a_tick", "letters_are_sent")
    ),
    "wrapped_keys_left": Fault(put(sealing, "end", lambda *_: None), ("keys_are_gone_when_promised",)),
    "backups_in_the_clear": Fault(put(backups, "boxed", in_the_clear), ("a_backup_is_made",)),
    "old_database_left_open": Fault(put(carried, "leave", lambda _: None), ("it_moves_to_another_database",)),
    "moved_without_comments": Fault(forgotten_comments, ("it_moves_to_another_database",)),
    "kept_longer": Fault(around(closing, "close", kept_longer), ("nothing_frozen_is_loosened", "ticked")),
    "participation_of_few": Fault(
        around(participation, "band", lambda real, n, invited: real(n, 10 * bool(invited))),
        ("participation_names_nobody",),
    ),
    "log_edited": Fault(around(audit_log, "write", a_second_later), ("the_log_is_whole",)),
    "receipts_unknown": Fault(put(responses, "counted", lambda *_: None), ("everybody_can_check",)),
    "everybody_sees_all": Fault(
        put(accounts, "visible_units", lambda _, parents, *__: frozenset(parents)), ("leaders_see_their_own",)
    ),
    "comments_of_few": Fault(put(comments, "read_at", read_where_kept), ("_comments_hide",)),
    "erased_in_name_only": Fault(put(erasing, "_erase", still_named), ("somebody_is_erased",)),
    "withdrawn_is_shown": Fault(put(publication, "_told", withdrawn_or_not), ("results_appear_once",)),
    "letters_in_one_language": Fault(around(invitations, "invitation", in_korean), ("letters_are_sent",)),
}
