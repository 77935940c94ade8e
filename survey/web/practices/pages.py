"""The register of an account's part of the company, and what came after practices."""

from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.i18n import Sentence
from survey.services.practices import reminding
from survey.services.practices.register import RHYTHMS
from survey.web.access import for_leaders, for_readers, me
from survey.web.clock import today
from survey.web.database import db
from survey.web.language import language, say
from survey.web.people.pages import Pages
from survey.web.practices import around
from survey.web.practices.after import stories
from survey.web.practices.blueprint import bp
from survey.web.practices.lines import Chosen, grouped, lines
from survey.web.results import publications

ON_A_PAGE = 60
AT_ONCE = 5_000
"""Units of all waves, from which on what came after practices is read when somebody asks: it needs them all."""


@bp.get("/")
@for_readers
def show() -> str:
    """Show the register: of the account's units, or those asked for, by unit."""
    asked = {name: request.args.get(name, "") for name in ("unit", "practice", "state")}
    found = lines(around.tree(), around.mine(), Chosen(**asked), today())
    waves = publications() if around.mine() else ()
    told = "after" in request.args or sum(len(wave.codes) for wave in waves) <= AT_ONCE
    pages = Pages.asked(request.args.get("page", ""), len(found), ON_A_PAGE)
    return render_template(
        "practices/show.html",
        asked=asked,
        groups=grouped(found[pages.first : pages.last]),
        pages=pages,
        address=lambda page: f"{url_for('practices.show')}?{urlencode({**asked, 'page': page})}",
        late=sum(line.overdue for line in found),
        names=around.names(),
        around=around,
        rhythms=RHYTHMS,
        seen=bool(around.mine()),
        wanted=reminding.wanted(db(), me().id) if me().role == "leader" else None,
        stories=stories(waves, language(), numbers=me().role == "hr") if told else (),
        untold=bool(waves) and not told,
    )


@bp.post("/letters")
@for_leaders
def letters() -> Response:
    """Want the letter before a wave, or none."""
    wanted = request.form.get("wanted") == "yes"
    reminding.want(db(), me().id, wanted=wanted)
    told = Sentence("You get a letter before the next wave.") if wanted else Sentence("You get no more letters.")
    flash(say(told), "done")
    return redirect(url_for("practices.show"), 303)
