"""What the numbers rest on: how well scales hold together, how much units differ, what goes together."""

from flask import Blueprint, render_template, request

from survey.web.access import for_readers
from survey.web.evidence.carefulness import carefulness
from survey.web.evidence.link import link_section, two_kinds
from survey.web.evidence.scales import meanings, scales
from survey.web.evidence.units import units_section
from survey.web.language import language
from survey.web.results import chosen, publications

bp = Blueprint("evidence", __name__, url_prefix="/evidence")


@bp.get("/")
@for_readers
def show() -> str:
    """Show the evidence of one wave, the newest where none is asked for."""
    publication = chosen(request.args.get("wave"))
    lines = scales(publication, language()) if publication else ()
    return render_template(
        "evidence/show.html",
        publication=publication,
        waves=[each.wave.code for each in publications()][::-1],
        scales=lines,
        meanings=meanings(lines),
        careful=carefulness(publication, language()) if publication else None,
        units=units_section(publication, language()) if publication else None,
        two_kinds=two_kinds(publication) if publication else None,
        link=link_section(publication, language()) if publication else None,
    )
