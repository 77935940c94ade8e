"""What the page of one unit shows: the parts of its report, and the same figures, from the same publication."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from reports.absent import absent
from reports.changes import Since, since
from reports.own import Own, own
from reports.parts import Behaviour, Picture, Why, behaviour, picture, why
from survey.charts import UNIT_FIGURES
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit
from survey.web.figures import figure_json
from survey.web.units.headline import headline


@dataclass(frozen=True)
class Figures:
    """The charts of a unit, as JSON; None where there is nothing to draw."""

    index: Markup | None
    motives: Markup | None
    contribution: Markup | None
    facets: Markup | None
    map: Markup | None


@dataclass(frozen=True)
class UnitPage:
    """A unit that is shown."""

    headline: str
    says: Mapping[str, str]
    """By the name of a chart: what it shows, for those who do not see it."""
    picture: Picture
    absent: tuple[str, ...]
    """What those who did not answer could change."""
    why: Why
    behaviour: Behaviour | None
    own: tuple[Own, ...]
    """What else was asked: other scales, and the company's extra items."""
    since: Since
    figures: Figures


def unit_page(unit: PublishedUnit, publication: Publication, language: str) -> UnitPage | None:
    """Return what a unit shows; None where it is suppressed."""
    if isinstance(unit.figures, Suppressed):
        return None
    figures = unit.figures.value
    return UnitPage(
        headline=headline(unit, figures.contribution, publication).to(language),
        says={name: alt.to(language) for name, (_draw, alt) in UNIT_FIGURES.items()},
        picture=picture(unit, figures, publication, language),
        absent=tuple(sentence.to(language) for sentence in absent(figures)),
        why=why(unit, figures, publication, language),
        behaviour=behaviour(unit, figures, publication, language),
        own=own(unit, figures, publication, language),
        since=since(unit, publication, language),
        figures=Figures(
            **{name: figure_json(draw(unit, publication, language)) for name, (draw, _alt) in UNIT_FIGURES.items()}
        ),
    )
