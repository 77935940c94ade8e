"""A person is erased: name, number and address go from every table; what was published stays.

Where a wave's frozen roster counts her, a row without name, number and address stays in her place, so that what was
promised of that roster still holds. Her code in an open wave cannot be told from others, so it goes on; nobody can
remind her any more.
"""

import datetime as dt
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from survey.database import writing
from survey.i18n import Refused, Sentence
from survey.models import Adoption, Person
from survey.services import audit_log, runs
from survey.services.roster import staging
from survey.services.roster.people import named
from survey.services.roster.persons import Profile, profile
from survey.services.waves import sweeping

DUE: Final = "erased.sweep"
"""A file in the installation's folder: somebody was erased, and the database's files have not been rewritten since."""


def erase(engine: Engine, home: Path, person_id: int, typed: str, now: dt.datetime, by: int | None = None) -> Sentence:
    """Erase a person, if `typed` is her number, and rewrite the database's files so that nothing of her is in them.

    Raises:
        Refused: no such person, or another number was typed.
    """
    with writing(engine) as session:
        found = profile(session, person_id)
        if found is None:
            raise Refused("There is nobody of this number in the roster.")
        if " ".join(typed.split()) != found.number:
            raise Refused("This is not the number of this person: nobody was erased. Type it as it stands on the page.")
        (home / DUE).touch(mode=0o600)
        _erase(session, found, now.date())
        audit_log.write(session, now, by, "person erased", person=str(person_id))
    staging.sweep(home, None)  # a file that waits may hold her row
    if not sweep_due(engine, home):
        return Sentence(
            "Erased. The database was busy, so the place on the disk where her row stood is overwritten by the next "
            "`survey tick`."
        )
    return Sentence("Erased: her name, number and e-mail address stand nowhere in the database any more.")


def sweep_due(engine: Engine, home: Path) -> bool:
    """Rewrite the database's files where somebody was erased since the last time; tell whether all is done."""
    mark = home / DUE
    if not mark.exists():
        return True
    if not sweeping.sweep_people(engine):
        return False
    mark.unlink(missing_ok=True)
    return True


def _erase(session: Session, found: Profile, today: dt.date) -> None:
    runs.forget_told(session)  # where her letter was refused, it names her address
    if found.owns:
        session.execute(update(Adoption).where(Adoption.owner == found.name).values(owner=""))
    if session.scalar(select(Person.id).where(Person.id == found.id, ~named())) is not None:
        session.execute(delete(Person).where(Person.id == found.id))
        return
    nobody = {"number": None, "name": "", "email": None, "unit_code": None, "leads_code": None}
    left = found.left_on or today
    session.execute(update(Person).where(Person.id == found.id).values(**nobody, left_on=left, valid_from=left))
