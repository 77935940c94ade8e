"""Published results for a request."""

from flask import abort

from survey.i18n import Refused
from survey.privacy.thaw import Publication
from survey.services import publication as service
from survey.web.database import db


def publications() -> tuple[Publication, ...]:
    """Return all publications, the earliest wave first."""
    return tuple(service.publications(db()))


def publication_or_404(code: str) -> Publication:
    """Return the publication of a wave, or answer that there is no such page."""
    try:
        return service.publication(db(), code)
    except Refused:
        abort(404)


def chosen(code: str | None) -> Publication | None:
    """Return the publication of the wave asked for, the newest where none was, None where nothing is published."""
    if code:
        return publication_or_404(code)
    found = publications()
    return found[-1] if found else None
