"""The audit log for HR and auditors: what was done by whom, whether it is whole, and all of it as a file."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template, request
from sqlalchemy import Engine

from survey.database import reading, writing
from survey.i18n import Sentence
from survey.services import audit_log, here, log_words
from survey.services.accounts import listing
from survey.services.audit_log import Entry
from survey.spreadsheets import safe
from survey.web.access import for_auditors, me
from survey.web.clock import now, zone
from survey.web.database import database, db, done
from survey.web.language import language, say

PER_PAGE: Final = 100
HEADINGS: Final = ("entry", "at_utc", "account", "name", "act", "said", "facts", "before", "digest")
DIGEST: Final = 64
COMMAND: Final = Sentence("by command, or by itself")
UNREAD: Final = Sentence("A head has 64 letters and digits. Copy it whole from your letter or report.")

bp = Blueprint("log", __name__, url_prefix="/log")


@dataclass(frozen=True)
class Line:
    """An entry as the page says it."""

    number: int
    at: str
    who: str
    said: str
    rest: dict[str, str]
    digest: str


@bp.get("/")
@for_auditors
def show() -> str:
    """Show the newest entries first, by page, of one act where one is chosen."""
    act, before = request.args.get("act", ""), request.args.get("before", "")
    found = audit_log.entries(db(), PER_PAGE + 1, int(before) if _is_number(before) else None, act)
    names = listing.names(db())
    return render_template(
        "log/show.html",
        lines=[_line(entry, names) for entry in found[:PER_PAGE]],
        older=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        newest=not _is_number(before),
        acts=sorted(((each, say(_act(each))) for each in audit_log.acts(db())), key=lambda pair: pair[1]),
        act=act,
        head=audit_log.head(db()),
    )


@bp.get("/verify")
@for_auditors
def verify() -> str:
    """Follow the chain from its first entry, and look for the head that the reader holds."""
    typed = "".join(request.args.get("head", "").split()).lower()
    fits = not typed or (len(typed) == DIGEST and set(typed) <= set("0123456789abcdef"))
    verdict = audit_log.verify(db(), typed) if fits else None
    return render_template("log/verify.html", verdict=verdict, held=typed, problem=None if fits else UNREAD)


@bp.get("/log.csv")
@for_auditors
def export() -> Response:
    """Hand out the whole log, this export included; cells that a spreadsheet would run are kept from it."""
    by, engine, spoken = me().id, database(), language()
    done()
    with writing(engine) as session:
        audit_log.write(session, now(), by, "log exported")

    response = Response(_rows(engine, spoken), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
    return response


def _rows(engine: Engine, spoken: str) -> Iterator[str]:
    """Yield the file in pieces, each read in a short transaction of its own: a slow reader holds up no writer."""
    with reading(engine) as session:
        names = listing.names(session)
    yield "\N{BYTE ORDER MARK}" + _row(HEADINGS)
    last = 0
    while True:
        with reading(engine) as session:
            found = audit_log.following(session, last)
        if not found:
            return
        yield "".join(_row(_cells(entry, names, spoken)) for entry in found)
        last = found[-1].id


def _line(entry: Entry, names: dict[str, str]) -> Line:
    at = f"{here.local(entry.at, zone()):%Y-%m-%d %H:%M}"
    said = say(log_words.said(entry.act, entry.facts, names))
    return Line(
        entry.id, at, _who(entry, names, language()), said, log_words.rest(entry.act, entry.facts), entry.digest
    )


def _cells(entry: Entry, names: dict[str, str], spoken: str) -> tuple[str, ...]:
    facts = json.dumps(entry.facts, ensure_ascii=False, sort_keys=True)
    said = log_words.said(entry.act, entry.facts, names).to(spoken)
    who = ("" if entry.account_id is None else str(entry.account_id), _who(entry, names, spoken))
    return (str(entry.id), entry.at.isoformat(), *who, entry.act, said, facts, entry.before, entry.digest)


def _who(entry: Entry, names: dict[str, str], spoken: str) -> str:
    return COMMAND.to(spoken) if entry.account_id is None else names.get(str(entry.account_id), str(entry.account_id))


def _act(act: str) -> Sentence:
    """Return an act's sentence with gaps for its facts, to choose it by."""
    return log_words.said(act, {}, {})


def _row(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(safe(cell) for cell in cells)
    return text.getvalue()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= DIGEST // 4
