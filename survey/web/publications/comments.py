"""Comments of a published wave on pages of their own: by unit, beside no number, in no file."""

from typing import Literal

from flask import Blueprint, render_template

from survey.i18n import day
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from survey.services.publication import comments as service
from survey.web.access import for_readers, me, unit_visible_to, units_visible_to
from survey.web.clock import day_of, now
from survey.web.database import db
from survey.web.language import language
from survey.web.results import publication_or_404

bp = Blueprint("comments", __name__, url_prefix="/waves")

Empty = Literal["", "imported", "not asked", "deleted", "team", "hidden", "few", "none"]


@bp.get("/<wave>/comments")
@for_readers
def index(wave: str) -> str:
    """List the account's units at which there are comments to read."""
    publication = publication_or_404(wave)
    found = service.comments(db(), publication, now())
    return render_template(
        "comments/index.html",
        publication=publication,
        units=tuple(
            (unit, len(found[unit.code])) for unit in units_visible_to(me(), publication) if unit.code in found
        ),
        why=of_the_wave(publication),
        deleted_on=_deleted_on(wave),
    )


@bp.get("/<wave>/units/<code>/comments")
@for_readers
def show(wave: str, code: str) -> str:
    """Show the comments that may be read at one unit, or why there is none to read."""
    publication = publication_or_404(wave)
    unit = unit_visible_to(me(), publication, code)
    texts = service.comments(db(), publication, now()).get(code, ())
    return render_template(
        "comments/show.html",
        publication=publication,
        unit=unit,
        texts=texts,
        why="" if texts else of_the_wave(publication) or of_the_unit(publication, unit),
        deleted_on=_deleted_on(wave),
    )


def of_the_wave(publication: Publication) -> Empty:
    """Return why no unit of a wave has comments, or ""."""
    if publication.wave.kind == "imported":
        return "imported"
    if not publication.instrument.comment:
        return "not asked"
    return "deleted" if now() >= service.deleted_on(db(), publication.wave.code) else ""


def of_the_unit(publication: Publication, unit: PublishedUnit) -> Empty:
    """Return why there is none to read at a unit, from what is published alone: nothing tells of hidden ones."""
    if isinstance(unit.figures, Suppressed):
        return "hidden"
    if is_team(publication, unit):
        return "team"
    return "few" if unit.figures.value.n < publication.policy.detail_k else "none"


def is_team(publication: Publication, unit: PublishedUnit) -> bool:
    """Tell whether people answer for this very unit, so that its comments are kept one level up."""
    return unit.parent is not None and not publication.children(unit.code)


def has_page(publication: Publication, unit: PublishedUnit) -> bool:
    """Tell whether a unit's page should lead to its comments: whether there are any does not decide."""
    readable = not isinstance(unit.figures, Suppressed) and not is_team(publication, unit)
    return readable and publication.wave.kind == "native" and bool(publication.instrument.comment)


def _deleted_on(wave: str) -> str:
    return day(day_of(service.deleted_on(db(), wave)), language())


bp.add_app_template_global(has_page, "has_comments_page")
