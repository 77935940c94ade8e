"""What the database refused to loosen, in the log: whoever tried is not known, when and what is."""

from sqlalchemy import Engine, func, select

from survey.database import LISTENERS, writing
from survey.services import audit_log
from survey.services.waves import waves


def log(engine: Engine, what: str, wave: str) -> None:
    """Write that a change was refused, in a transaction of its own, at the time that the database tells.

    SQLite does not say which wave it was about: then all are named that wait for their publication.
    """
    utc = func.current_timestamp() if engine.dialect.name == "sqlite" else func.timezone("utc", func.now())
    with writing(engine) as session:
        waiting = ", ".join(each.code for each in waves.unpublished(session))
        now = session.scalars(select(utc)).one()
        audit_log.write(session, now, None, audit_log.REFUSED, what=what, wave=wave or waiting)


LISTENERS.append(log)
