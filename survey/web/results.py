"""Published results for a request."""

from flask import abort

from survey.privacy.thaw import Publication
from survey.services.publication import publication as service
from survey.services.waves import waves
from survey.web.database import db


def publications() -> tuple[Publication, ...]:
    """Return all publications, the earliest wave first."""
    return tuple(service.publications(db()))


def publication_or_404(code: str) -> Publication:
    """Return the publication of a wave, or answer that there is no such page.

    Raises:
        Refused: it was changed after it was made; the reader is told so.
    """
    if code not in {wave.code for wave in waves.waves(db()) if wave.state == "published"}:
        abort(404)
    return service.publication(db(), code)


def chosen(code: str | None) -> Publication | None:
    """Return the publication of the wave asked for, the newest where none was, None where nothing is published."""
    if code:
        return publication_or_404(code)
    found = publications()
    return found[-1] if found else None
