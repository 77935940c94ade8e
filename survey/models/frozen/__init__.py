"""What the database itself refuses once a wave is opened: to loosen what its respondents were promised.

Triggers, because no CHECK sees the row as it was; one file a revision and database, so that migrations and models make
the same ones. Each refusal reads "frozen: TABLE.COLUMN" (on PostgreSQL with " of WAVE"), which `survey.database` turns
into a sentence. What is stricter than promised is let through. Whoever may change tables may drop triggers as well:
`survey.services.waves.frozen_facts` finds what was changed then.
"""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, event, text

from survey.models.base import Base

FOLDER: Final = Path(__file__).parent
NEWEST: Final = "0004"


def statements(dialect: str, revision: str = NEWEST) -> list[str]:
    """Return the statements that make the triggers of a revision on "sqlite" or "postgresql"."""
    return (FOLDER / f"{revision}.{dialect}.sql").read_text("utf-8").strip().split("\n\n")


@event.listens_for(Base.metadata, "after_create")
def _create(_tables: object, connection: Connection, **_options: Any) -> None:  # noqa: ANN401 - SQLAlchemy's options
    for statement in statements(connection.dialect.name):
        connection.execute(text(statement))
