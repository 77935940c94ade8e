"""What the database refused to loosen, in the log: whoever tried is not known, when and what is."""

from sqlalchemy import Engine, func, select

from survey.database import LISTENERS, writing
from survey.models import Wave
from survey.services import audit_log


def log(engine: Engine, what: str, wave: str) -> None:
    """Write that a change was refused, in a transaction of its own, at the time that the database tells.

    SQLite does not say which wave it was about: then all are named that wait for their publication.
    """
    utc = func.current_timestamp() if engine.dialect.name == "sqlite" else func.timezone("utc", func.now())
    with writing(engine) as session:
        waiting = session.scalars(select(Wave.code).where(Wave.state.in_(("open", "closed"))).order_by(Wave.id))
        now = session.scalars(select(utc)).one()
        audit_log.write(session, now, None, "change refused", what=what, wave=wave or ", ".join(waiting))


LISTENERS.append(log)
