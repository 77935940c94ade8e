"""The way out to the tests' mail server."""

from pathlib import Path
from typing import Final

from survey.mail import post_for
from survey.services.sending import Outbox
from survey.settings import Settings

BASE: Final = "https://survey.example.com"


def outbox(home: Path, port: int) -> Outbox:
    """Return a new connection to the server on a port of the loopback."""
    settings = {"SURVEY_MAIL_URL": f"smtp://127.0.0.1:{port}", "SURVEY_MAIL_FROM": "hr@example.com"}
    return Outbox(home, BASE, post_for(Settings.from_environment(settings)))
