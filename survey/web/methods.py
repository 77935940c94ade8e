"""How every number is made, for everybody to read: there is no secret in it, and nobody has to sign in."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from survey.scoring.methods import letters, methods, numbers, sections, works
from survey.web.language import language

bp = Blueprint("methods", __name__, url_prefix="/methods")


@dataclass(frozen=True)
class Mark:
    """What stands beside a number: where its paragraph is."""

    id: str
    number: str
    title: str


@bp.get("/")
def show() -> str:
    """Show all paragraphs of the method."""
    return render_template(
        "methods/show.html", chapters=methods().chapters, letters=letters(), numbers=numbers(), works=works
    )


@bp.app_template_global("method_mark")
def mark(of: str) -> Mark:
    """Return the mark of a paragraph; raises KeyError for one that is not written."""
    return Mark(of, numbers()[of], sections()[of].title[language()])
