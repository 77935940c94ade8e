"""Published results for a request.

A page that shows several units, or one over several waves, reads them first: `read(publications(), codes)` takes one
query, whatever their number. What is looked at without that is read unit by unit.
"""

from collections.abc import Iterable, Sequence

from flask import abort, g

from survey.privacy.thaw import Publication
from survey.services.publication import publication as service
from survey.services.waves import waves
from survey.web.database import db


def publications() -> tuple[Publication, ...]:
    """Return all publications, the earliest wave first; asked for once for a session."""
    session = db()
    if g.get("published", (None, ()))[0] is not session:
        g.published = (session, tuple(service.publications(session)))
    found: tuple[Publication, ...] = g.published[1]
    return found


def read(waves: Iterable[Publication], codes: Iterable[str]) -> None:
    """Read units of several publications at once, before they are looked at; unknown codes are left out."""
    service.read(db(), waves, codes)


def read_over(waves: Sequence[Publication], units: Iterable[str], *, back: bool = False) -> None:
    """Read units, and the whole company beside them, in all waves in one query.

    With `back` the units that their people came from are read too, and those before them, a query for each step.
    """
    wanted, known = {*units, *(wave.root.code for wave in waves)}, set[str]()
    while wanted:
        read(waves, wanted)
        known |= wanted
        found = (wave.unit(code).origin for wave in waves for code in wanted if back and code in wave)
        wanted = {origin.unit for origin in found if origin is not None} - known - {""}


def publication_or_404(code: str) -> Publication:
    """Return the publication of a wave, or answer that there is no such page.

    Raises:
        Refused: it was changed after it was made, or withdrawn; the reader is told so.
    """
    if code not in {wave.code for wave in waves.waves(db()) if wave.state == "published"}:
        abort(404)
    return service.publication(db(), code)


def chosen(code: str | None) -> Publication | None:
    """Return the publication of the wave asked for, the newest where none was, None where nothing is published."""
    found = publications()
    if not code:
        return found[-1] if found else None
    return next((each for each in found if each.wave.code == code), None) or publication_or_404(code)
