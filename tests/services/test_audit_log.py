import threading

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.database import reading, writing
from survey.models import AuditEntry
from survey.services import audit_log
from tests.cast import NOW

ACTS = ("company named", "roster imported", "wave opened", "wave closed", "results published")


@pytest.fixture
def log(session: Session) -> Session:
    """Give a session on a database with five acts in its log."""
    for number, act in enumerate(ACTS):
        audit_log.write(session, NOW, None if number % 2 else 1, act, wave="2026-Q4", 단위="영업")
    session.commit()
    return session


def test_an_untouched_log_is_whole(log: Session) -> None:
    """Every entry follows from the one before; the head is what the auditor gets."""
    verdict = audit_log.verify(log)
    assert verdict.whole
    assert (verdict.entries, verdict.head) == (5, audit_log.head(log))
    assert audit_log.verify(log, verdict.head).whole


def test_an_empty_log_is_whole(session: Session) -> None:
    """Before the first act there is nothing to edit."""
    assert audit_log.verify(session, audit_log.FIRST).whole
    assert audit_log.head(session) == audit_log.FIRST


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE audit_entry SET act = 'wave drafted' WHERE act = 'wave opened'",
        "UPDATE audit_entry SET facts = '{}' WHERE act = 'wave opened'",
        "UPDATE audit_entry SET account_id = 2 WHERE act = 'wave opened'",
        "UPDATE audit_entry SET at = '2026-10-01 09:00:01.000000' WHERE act = 'wave opened'",
        "UPDATE audit_entry SET digest = 'a' WHERE act = 'wave opened'",
        "UPDATE audit_entry SET before = 'a' WHERE act = 'wave opened'",
        "DELETE FROM audit_entry WHERE act = 'wave opened'",
    ],
)
def test_an_edit_is_seen(log: Session, edit: str) -> None:
    """Whatever is changed in, or taken out of, the middle breaks the chain there."""
    after, opened = (entry.id for entry in audit_log.entries(log)[1:3])
    log.execute(text(edit))
    log.commit()
    log.expire_all()
    assert audit_log.verify(log).broken_at in {opened, after}


def test_a_missing_first_entry_is_seen(log: Session) -> None:
    """The first entry follows from nothing: whatever stands first instead does not."""
    log.execute(text("DELETE FROM audit_entry WHERE act = 'company named'"))
    assert audit_log.verify(log).broken_at == audit_log.entries(log)[-1].id


def test_a_log_cut_at_its_end_is_seen_by_the_auditor(log: Session) -> None:
    """The chain alone cannot tell that its last entries are gone; the head that the auditor holds can."""
    held = audit_log.head(log)
    log.execute(text("DELETE FROM audit_entry WHERE act = 'results published'"))
    log.expire_all()
    assert audit_log.verify(log).whole
    assert not audit_log.verify(log, held).whole


def test_a_log_rewritten_from_the_start_is_seen_by_the_auditor(log: Session) -> None:
    """Whoever recomputes the whole chain after an edit ends at another head."""
    held = audit_log.head(log)
    log.execute(text("DELETE FROM audit_entry"))
    log.expire_all()
    for act in ACTS[:2]:
        audit_log.write(log, NOW, 1, act, wave="2026-Q4")
    verdict = audit_log.verify(log, held)
    assert (verdict.broken_at, verdict.knows, verdict.whole) == (None, False, False)


def test_the_chain_cannot_fork(log: Session) -> None:
    """The database refuses a second entry after the same one."""
    last = audit_log.entries(log, limit=1)[0]
    log.add(AuditEntry(at=NOW, account_id=None, act="x", facts={}, before=last.before, digest="d"))
    with pytest.raises(IntegrityError):
        log.flush()


def test_the_newest_entries_come_first_and_older_ones_on_request(log: Session) -> None:
    """A page shows the newest acts, and the next page those before."""
    first = audit_log.entries(log, limit=2)
    assert [entry.act for entry in first] == ["results published", "wave closed"]
    assert [entry.act for entry in audit_log.entries(log, limit=2, before_id=first[-1].id)] == [
        "wave opened",
        "roster imported",
    ]


def test_an_act_that_is_undone_leaves_no_entry(engine: Engine) -> None:
    """The entry stands in the transaction of its act: both are kept or neither."""
    with writing(engine) as session:
        audit_log.write(session, NOW, None, "company named")
        session.rollback()
    with reading(engine) as session:
        assert session.scalars(select(AuditEntry)).all() == []


def test_many_at_once_make_one_chain(engine: Engine) -> None:
    """Acts of several people at the same moment follow each other."""

    def act() -> None:
        for _ in range(5):
            with writing(engine) as session:
                audit_log.write(session, NOW, 1, "unit granted", unit="SALES")

    threads = [threading.Thread(target=act) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as session:
        verdict = audit_log.verify(session)
    assert (verdict.entries, verdict.whole) == (20, True)
