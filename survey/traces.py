"""What a PostgreSQL server may be set to keep about answers beside the answers, and what it has to be set to."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from survey.i18n import Refused

TRACELESS: Final = {
    "track_commit_timestamp": "off",
    "archive_mode": "off",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_parameter_max_length_on_error": "0",
    "auto_explain.log_min_duration": "-1",
    "pgaudit.log": "none",
}
"""Settings of a PostgreSQL server, and what they are where no answer leaves a trace but itself."""


def refuse_traces(session: Session) -> None:
    """Refuse a PostgreSQL server that keeps when, in which order, or even what people answered.

    Raises:
        Refused: it records commit times, archives its write-ahead log, or writes statements or their values into its
            own log (design 6.1, "Close"); the sentence names all such settings and what they have to be.
    """
    found = traces(session)
    if found:
        raise Refused(
            "The database server would keep when, in which order, or even what people answered. Before a wave opens, "
            "set for the database of the survey: %(settings)s (track_commit_timestamp and archive_mode need a restart "
            "of the server).",
            settings=", ".join(f"{setting} = {TRACELESS[setting]}" for setting in found),
        )


def traces(session: Session) -> list[str]:
    """Return the settings of the server that keep traces of answers; none on SQLite."""
    if session.get_bind().dialect.name != "postgresql":
        return []
    settings = {
        name: session.execute(text("SELECT current_setting(:name, true)"), {"name": name}).scalar_one()
        for name in TRACELESS
    }
    # "ddl" logs no row; a setting of an extension that is not loaded is not there.
    return [name for name, value in settings.items() if value not in {TRACELESS[name], "ddl", "", None}]
