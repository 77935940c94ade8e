"""Which statements a page sends to the database: what is shown to many must not ask once for each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from survey.database import glances


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Give a list that fills with every statement sent through `engine` meanwhile, BEGIN and PRAGMA left out."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:  # noqa: ANN401 - SQLAlchemy's hook
        if not statement.startswith(("BEGIN", "PRAGMA")):
            heard.append(statement)

    both = (engine, glances(engine))
    for each in both:
        event.listen(each, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        for each in both:
            event.remove(each, "before_cursor_execute", hear)
