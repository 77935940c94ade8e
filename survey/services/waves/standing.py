"""What is asked now, and by whom: one statement, with which every step of whoever answers begins."""

from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import models
from survey.instruments.model import Instrument
from survey.models import Instrument as Kept
from survey.models import Wave
from survey.services.company import Company, facts_of
from survey.services.instruments import registry

_OPEN: Final = (
    select(Wave, models.Company, Kept.digest)
    .select_from(Wave)
    .join(models.Company, models.Company.id == 1)
    .outerjoin(Kept, (Kept.id == Wave.instrument_id) & (Kept.version == Wave.instrument_version))
    .where(Wave.state == "open")
)
"""Written once: to put a statement together costs more than to send it."""
_LOCKED: Final = _OPEN.with_for_update(read=True, of=Wave).execution_options(populate_existing=True)


class Standing(NamedTuple):
    """The open wave, what it asks (its extra items at the end, in the company's word for a unit), and the company."""

    wave: Wave
    instrument: Instrument
    company: Company


def standing(session: Session, *, locked: bool = False) -> Standing | None:
    """Return what is open; None where nothing is.

    With `locked` it waits for a close that is under way, and makes a close wait for this transaction.
    """
    found = session.execute(_LOCKED if locked else _OPEN).one_or_none()
    if found is None:
        return None
    wave, company, digest = found
    ours = facts_of(company)
    return Standing(wave, registry.asked_of(session, wave, ours.unit_word, digest), ours)
