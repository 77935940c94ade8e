"""What the app carries for its views: the settings, and the runs."""

from flask import current_app

from survey.runs.chosen import Runs
from survey.services import runs
from survey.services.runs import Key, Run
from survey.settings import Settings
from survey.web.database import db, done


def settings() -> Settings:
    """Return the settings of this installation."""
    found: Settings = current_app.extensions["survey.settings"]
    return found


def run(key: Key) -> Run:
    """Return how a run is, whichever process does it."""
    return runs.find(db(), key)


def begin(key: Key, by: int | None = None, so_far: int = 0) -> bool:
    """Commit what this request has written, and let a run begin with it; False where one is under way."""
    runner: Runs = current_app.extensions["survey.runs"]
    begun = runner.ask(db(), key, by, so_far)
    done()
    runner.wake(key)
    return begun
