"""What a unit's page does not show, and why, in words: of the unit itself, and of the units below it."""

from collections.abc import Iterator, Sequence

from reports import sentences
from reports.withheld import below
from reports.withheld import withheld as told_of_unit
from survey.i18n import Sentence
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit


def withheld(
    unit: PublishedUnit, children: Sequence[PublishedUnit], publication: Publication, *, comments: bool
) -> tuple[Sentence, ...]:
    """Return a sentence for everything that is held back here; `comments` where a page of comments may be opened."""
    if isinstance(unit.figures, Suppressed):
        return (sentences.hidden(unit.figures.reason, publication.policy), *below(children, publication))
    return (*told_of_unit(unit, children, publication), *_comments(publication, comments=comments))


def _comments(publication: Publication, *, comments: bool) -> Iterator[Sentence]:
    if publication.instrument.comment and not comments and publication.wave.kind == "native":
        yield Sentence(
            "Comments: they are read at a larger unit than the team, from ten answers and three comments, and never "
            "beside numbers."
        )
