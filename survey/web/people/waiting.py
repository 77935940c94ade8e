"""The file that waits while somebody looks at it."""

from typing import Final

from flask import abort, make_response, redirect, url_for

from survey.forms.people import RosterForm
from survey.i18n import Sentence
from survey.services.roster import staging
from survey.services.roster.columns import Match
from survey.services.roster.previews import remembered
from survey.services.roster.staging import Staged
from survey.web.access import me
from survey.web.clock import now, today
from survey.web.database import db, done
from survey.web.people.show import page
from survey.web.site import settings

OVER: Final = Sentence(
    "This file does not wait here any more: it was taken or put aside, or its hour is over. Choose it again."
)


def waiting(name: str) -> Staged:
    """Return the file of this account; whoever comes too late, or has another account, is told to choose it again."""
    found = staging.get(settings().home, me().id, name, now())
    if found is None:
        abort(make_response(page(RosterForm(day=today()), OVER), 404))
    return found


def matched(name: str, staged: Staged) -> Match:
    """Return how the headings of a file are understood; where that is not clear, somebody is asked.

    The database is free afterwards: reading a large file takes seconds, in which others must be able to write.
    """
    match = staged.match(remembered(db()))
    done()
    if not match.clear:
        abort(redirect(url_for("people.columns", name=name), 303))
    return match
