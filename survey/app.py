"""The whole product: its web app, and its commands."""

from survey.cli import main
from survey.web.factory import create_app

__all__ = ["create_app", "main"]
