"""What can be done: functions of a session. One module a noun; the only callers of models beside migrations."""

from survey.services.waves import refusals

__all__ = ["refusals"]
"""Loaded with whatever else is: no change may be refused without an entry in the log."""
