"""What the app carries for its views: the settings, and the runs of this process."""

from flask import current_app

from survey.settings import Settings
from survey.web.runs import Runs


def settings() -> Settings:
    """Return the settings of this installation."""
    found: Settings = current_app.extensions["survey.settings"]
    return found


def runs() -> Runs:
    """Return the runs of this process."""
    found: Runs = current_app.extensions["survey.runs"]
    return found
