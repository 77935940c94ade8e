"""The product, broken on purpose: what the drill must see. Each function is a `main` of `survey`."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey import app
from survey.cli import processes
from survey.services.responses import taking
from survey.web.responses import responses

LATE: Final = 0.1
"""Seconds between two things that belong together."""


def thanks_first() -> None:
    """Say thank you, and commit afterwards."""
    _serve(thanks_first, _late)


def two_transactions() -> None:
    """Take the code in one transaction, and keep the answers in another."""
    _serve(two_transactions, _apart)


def _serve(broken: Callable[[], None], writing: Callable[[Engine], Any]) -> None:
    """Serve with another `writing` where answers are taken, in every process."""
    vars(processes)["RUN"] = f"from {__name__} import {broken.__name__} as main; main()"
    vars(responses)["writing"] = contextmanager(writing)
    app.main()


def _late(opened: Engine) -> Iterator[Session]:
    session = Session(opened, expire_on_commit=False)

    def commit() -> None:
        session.commit()
        session.close()

    yield session
    threading.Timer(LATE, commit).start()


def _apart(opened: Engine) -> Iterator[Session]:
    with _Apart(opened, expire_on_commit=False) as session:
        yield session
        session.commit()


class _Apart(Session):
    def execute(self, statement: Any, *facts: Any, **more: Any) -> Any:  # noqa: ANN401 - whatever a session takes
        """Commit what was done so far before answers are kept."""
        if statement is vars(taking)["_KEEP"]:
            self.commit()
            time.sleep(LATE)
        return super().execute(statement, *facts, **more)
