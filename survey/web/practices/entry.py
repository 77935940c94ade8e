"""One practice of a unit: what is kept of it, who is across, and what the waves since have shown."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.sentences import hidden
from survey.charts import told
from survey.i18n import Refused, Sentence, day
from survey.instruments.practices import Practice
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication
from survey.services import audit_log
from survey.services.practices import register
from survey.services.practices.library import every
from survey.services.practices.partners import ACROSS, leave, name_partner, of_practice
from survey.services.practices.register import Adoption, late
from survey.web.access import for_leaders, for_readers, me, sees
from survey.web.acts import act
from survey.web.clock import now, today
from survey.web.database import db
from survey.web.language import language
from survey.web.practices import around
from survey.web.practices.blueprint import bp
from survey.web.results import publications

DAY: Final = Sentence("Write the day as 2026-11-30.")
LATER: Final = Sentence("Choose a day that has been.")


@dataclass(frozen=True)
class Seen:
    """What one wave showed of a practice in a unit."""

    wave: str
    closed: str
    after: bool
    """Whether the wave opened after the practice was taken up."""
    shown: str
    n: int
    why: Sentence | None
    """Why there is no number."""


@bp.get("/at/<code>/<practice>")
@for_readers
def entry(code: str, practice: str) -> str:
    """Show one practice of a unit, with what the account may see of the unit's results: as a partner, none."""
    kept, own = around.entry_or_404(code, practice)
    one = next((each for each in every(db()) if each.id == practice), None)
    across = of_practice(db(), code, practice)
    return render_template(
        "practices/entry.html",
        kept=kept,
        own=own,
        one=one,
        called=one.name[language()] if one else practice,
        partners=[(each, late(each.last_held or kept.since, kept, today())) for each in across],
        named={code, *(each.partner for each in across)},
        asks_with_whom=practice in ACROSS,
        overdue=kept.overdue(today()),
        seen=list(_seen(kept, one)) if one else [],
        search=around.search(request.args.get("find", ""), everywhere=True),
        today=today(),
        around=around,
    )


@bp.post("/at/<code>/<practice>/<what>")
@for_leaders
def change(code: str, practice: str, what: str) -> Response:
    """Pause, resume, end, note as held, or take out; a partner may note that it was held."""
    kept, own = around.entry_or_404(code, practice)
    if what not in ACTS or not (own or what == "held"):
        abort(404)
    back = url_for("practices.show") if what == "out" else url_for("practices.entry", code=code, practice=practice)
    return act(lambda: ACTS[what](kept), back, url_for("practices.entry", code=code, practice=practice))


@bp.post("/at/<code>/<practice>/across")
@for_leaders
def partner(code: str, practice: str) -> Response:
    """Name a unit across, or note that it takes part no more; a partner may take its own unit out."""
    _kept, own = around.entry_or_404(code, practice)
    other, out = request.form.get("partner", ""), "out" in request.form
    if not own and not (out and other in around.mine()):
        abort(404)

    def action() -> Sentence:
        (leave if out else name_partner)(db(), code, practice, other)
        facts = {"unit": code, "practice": practice, "partner": other}
        if out:
            audit_log.write(db(), now(), me().id, "practice partner removed", **facts)
            return Sentence("Taken out.")
        audit_log.write(db(), now(), me().id, "practice partner named", **facts)
        return Sentence("Noted. Both units see it in their registers.")

    page = url_for("practices.entry", code=code, practice=practice) if own else url_for("practices.show")
    return act(action, page)


def _held(kept: Adoption) -> Sentence:
    own = {each.partner for each in of_practice(db(), kept.unit, kept.practice)} & around.mine()
    with_whom = "" if kept.unit in around.mine() else min(own)
    register.held(db(), kept.unit, kept.practice, _day(), with_whom)
    _log(kept, "practice held")
    return Sentence("Noted when it was last held.")


def _pause(kept: Adoption) -> Sentence:
    register.pause(db(), kept.unit, kept.practice)
    _log(kept, "practice paused")
    return Sentence("Noted that it rests.")


def _resume(kept: Adoption) -> Sentence:
    register.resume(db(), kept.unit, kept.practice)
    _log(kept, "practice resumed")
    return Sentence("Noted that it goes on.")


def _end(kept: Adoption) -> Sentence:
    register.end(db(), kept.unit, kept.practice, _day())
    _log(kept, "practice ended")
    return Sentence("Noted that it is over. Trends keep when it began and ended.")


def _out(kept: Adoption) -> Sentence:
    register.take_out(db(), kept.unit, kept.practice)
    _log(kept, "practice taken out")
    return Sentence("The entry is taken out. What was published keeps it.")


ACTS: Final[dict[str, Callable[[Adoption], Sentence]]] = {
    "held": _held, "pause": _pause, "resume": _resume, "end": _end, "out": _out,
}  # fmt: skip


def _log(kept: Adoption, act: str) -> None:
    audit_log.write(db(), now(), me().id, act, unit=kept.unit, practice=kept.practice)


def _day() -> dt.date:
    text = request.form.get("day", "").strip()
    try:
        found = dt.date.fromisoformat(text) if text else today()
    except ValueError:
        raise Refused(DAY) from None
    if found > today():
        raise Refused(LATER)
    return found


def _seen(kept: Adoption, one: Practice) -> Iterator[Seen]:
    for publication in publications():
        if kept.unit in publication and sees(me(), publication, kept.unit):
            yield _of(publication, kept, one)


def _of(publication: Publication, kept: Adoption, one: Practice) -> Seen:
    wave, figures = publication.wave, publication.unit(kept.unit).figures
    facts = (wave.code, day(dt.date.fromisoformat(wave.closed_on), language()), wave.opened_on > kept.since.isoformat())
    if isinstance(figures, Suppressed):
        return Seen(*facts, "", 0, hidden(figures.reason, publication.policy))
    if one.item not in wave.practices:
        return Seen(*facts, "", 0, Sentence("This wave did not ask about it."))
    found = figures.value.practices.get(one.item)
    if found is None:
        return Seen(*facts, "", 0, Sentence("Too few people answered this question here."))
    return Seen(*facts, told(found, language()), figures.value.practices_n[one.item], None)
