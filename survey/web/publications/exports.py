"""What leaves as a file is in the log before it leaves."""

from survey.database import writing
from survey.services import audit_log
from survey.web.access import me
from survey.web.clock import now
from survey.web.database import database, done


def note(act: str, **facts: str) -> None:
    """Write into the log that the reader takes a file, in a transaction of its own; what the page read is over then.

    A page's session only reads, and on SQLite a reader holds up those who write: making a file takes seconds.
    """
    by = me().id
    done()
    with writing(database()) as session:
        audit_log.write(session, now(), by, act, **facts)
