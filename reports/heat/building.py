"""Putting a heat map together: a pure function of one publication."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from reports import sentences
from reports.comparison.changed import changed
from reports.comparison.measures import Measure, measures
from reports.heat.contents import Cell, HeatMap, Row
from reports.heat.said import about, change_about, legend, notes, sentence, title
from reports.heat.shades import EVEN, shade, stepped, told
from survey.charts import interval
from survey.charts import told as text
from survey.i18n import Sentence
from survey.privacy.figures import Figure
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

View = Literal["motives", "behaviour", "changes"]
VIEWS: Final[dict[View, Sentence]] = {
    "motives": Sentence("Motives"),
    "behaviour": Sentence("Behaviour"),
    "changes": Sentence("Changes since the last wave"),
}
NOT_ASKED: Final = Sentence("This wave did not ask for it")
DEEPEST: Final = 5
"""Levels that are indented."""


@dataclass(frozen=True)
class Placed:
    """A unit of the map."""

    unit: PublishedUnit
    level: int
    deeper: int = 0
    """Units directly below it that the map does not hold."""


def view_of(asked: str | None) -> View | None:
    """Return the view that an address asks for, motives where it asks for none; None where there is no such view."""
    return next((view for view in get_args(View) if view == (asked or "motives")), None)


def views(publication: Publication, language: str) -> tuple[View, ...]:
    """Return the views there are of a wave."""
    kinds = {each.kind for each in measures(publication, language)}
    behaviour: tuple[View, ...] = ("behaviour",) if "behaviour" in kinds else ()
    return ("motives", *behaviour, *(("changes",) if publication.previous_wave else ()))


def heat_map(placed: Sequence[Placed], publication: Publication, view: View, language: str) -> HeatMap:
    """Return units of a wave, in the order given, beside the whole company."""
    kinds = {"index", "behaviour"} if view == "behaviour" else {"index", "motive"}
    columns = tuple(each for each in measures(publication, language) if each.kind in kinds)
    rows = tuple(_row(each, publication, columns, view, language) for each in placed)
    root = publication.root
    company = None if view == "changes" else _row(Placed(root, 0), publication, columns, view, language)
    return HeatMap(
        wave=publication.wave.code,
        language=language,
        title=title(publication, view == "changes", language),
        sentence=sentence([each.unit for each in placed], publication, language, changes=view == "changes"),
        columns=columns,
        company=company,
        rows=tuple(row for row in rows if row.code != root.code or company is None),
        legend=legend(language, changes=view == "changes"),
        notes=notes(columns, language, changes=view == "changes"),
        digest=publication.digest,
        demo=publication.wave.demo,
    )


def _row(placed: Placed, publication: Publication, columns: Sequence[Measure], view: View, language: str) -> Row:
    unit, level = placed.unit, min(placed.level, DEEPEST)
    if isinstance(unit.figures, Suppressed):
        why = sentences.hidden(unit.figures.reason, publication.policy).to(language)
        return Row(unit.code, unit.name(language), level, "", why, (), placed.deeper)
    make: Callable[[PublishedUnit, Publication, Measure, str], Cell] = _change if view == "changes" else _cell
    cells = tuple(make(unit, publication, measure, language) for measure in columns)
    return Row(unit.code, unit.name(language), level, f"{unit.figures.value.n:,}", "", cells, placed.deeper)


def _cell(unit: PublishedUnit, publication: Publication, measure: Measure, language: str) -> Cell:
    figure, company = measure.told(unit), measure.told(publication.root)
    if figure is None or isinstance(unit.figures, Suppressed):
        return _nothing(NOT_ASKED, language)
    found = EVEN if unit.parent is None else shade(unit.figures.value, company, measure)
    says = "" if unit.parent is None else about(found, language)
    return _shown(figure, language)(found, says)


def _change(unit: PublishedUnit, publication: Publication, measure: Measure, language: str) -> Cell:
    verdict = changed(unit, publication, measure)
    if verdict.change is None:
        return _nothing(verdict.why or NOT_ASKED, language)
    found = stepped(verdict.change.difference.value, measure, sure=told(verdict.change.verdict))
    return _shown(verdict.change.difference, language)(found, change_about(verdict.change.verdict, language))


def _shown(figure: Figure, language: str) -> Callable[..., Cell]:
    return lambda found, says: Cell(figure, text(figure, language), interval(figure, language), found, says)


def _nothing(why: Sentence, language: str) -> Cell:
    return Cell(None, "", "", EVEN, why.to(language))
