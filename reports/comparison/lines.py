"""One unit of a comparison: what stands for it in each wave, and what is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from reports import change_sentences, sentences
from reports.came_from import came_from
from reports.comparison.changed import Told, changed, changed_through
from reports.comparison.contents import Cell, Line
from reports.comparison.lenses import Lens, Sees, Stand, stands
from reports.comparison.measures import Measure
from survey.charts import interval, told
from survey.charts.marks import marks_of
from survey.i18n import Sentence
from survey.privacy.figures import NotEstimable
from survey.privacy.record import Contribution
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

NOTABLE: Final = 80
"""Per cent of today's people who had been there last time: below this the roster is worth a word beside the name."""
NOT_ASKED: Final = Sentence("This wave did not ask for it")


@dataclass(frozen=True)
class Look:
    """Who looks at what."""

    every: tuple[Publication, ...]
    """Every wave published, the earliest first."""
    waves: tuple[Publication, ...]
    """Those that are shown: the last of them."""
    measure: Measure
    lens: Lens
    sees: Sees
    language: str

    @property
    def newest(self) -> Publication:
        """The wave whose units are compared."""
        return self.every[-1]


def line(unit: PublishedUnit, look: Look) -> Line:
    """Return a unit of the newest wave over the waves shown."""
    few = unit.origin is not None and unit.origin.stayed < NOTABLE
    stayed = change_sentences.stayed(unit, look.newest) if few else None
    return Line(
        code=unit.code,
        name=unit.name(look.language),
        where=_where(unit, look),
        cells=_cells(unit, look),
        verdict=change(unit, look).words(look.language),
        badge="" if stayed is None else stayed.to(look.language),
        notes=tuple(each.to(look.language) for each in _notes(unit, look)),
        marks=marks_of(unit, look.waves, look.language),
    )


def change(unit: PublishedUnit, look: Look) -> Told:
    """Return the verdict on a unit's change up to the newest wave, as the lens shows it."""
    newest = look.newest
    before = next((wave for wave in look.every if wave.digest == newest.previous_digest), None)
    origin = "" if unit.origin is None else unit.origin.unit
    if look.lens != "origin" or before is None or origin in {"", unit.code} or origin not in before:
        return changed(unit, newest, look.measure)
    return changed_through(unit, newest, look.measure, seen=look.sees(before, origin))


def _cells(unit: PublishedUnit, look: Look) -> tuple[Cell, ...]:
    found = stands(unit.code, look.every, look.lens, look.sees, look.measure.holds)[-len(look.waves) :]
    first, *later = (cell(stand, look) for stand in found)
    apart = [not look.measure.holds(one.wave.instrument, other.wave.instrument) for one, other in pairwise(found)]
    return (
        replace(first, joined=False, broken=False),
        *(replace(each, apart=otherwise) for each, otherwise in zip(later, apart, strict=True)),
    )


def _where(unit: PublishedUnit, look: Look) -> str:
    if unit.parent is None or unit.parent == look.newest.root.code or not look.sees(look.newest, unit.parent):
        return ""
    return look.newest.unit(unit.parent).name(look.language)


def cell(stand: Stand, look: Look) -> Cell:
    """Return what stands in one wave: a number, or why there is none."""
    wave, unit = stand.wave.wave.code, stand.unit
    if unit is None:
        return Cell(wave, None, "", "", "", why=stand.why.to(look.language))
    blank = Cell(
        wave, None, "", "", "",
        name=unit.name(look.language) if stand.earlier else "",
        joined=stand.joined,
        broken=stand.broken,
        stayed=None if unit.origin is None else unit.origin.stayed,
    )  # fmt: skip
    if isinstance(unit.figures, Suppressed):
        why = sentences.hidden(unit.figures.reason, stand.wave.policy).to(look.language)
        return replace(blank, why=why, hidden=True, joined=False)
    figure = look.measure.of(unit.figures.value)
    if figure is None:
        return replace(blank, why=NOT_ASKED.to(look.language), joined=False)
    return replace(
        blank,
        figure=figure,
        shown=told(figure, look.language),
        interval=interval(figure, look.language),
        n=f"{unit.figures.value.n:,}",
        change="" if stand.earlier else changed(unit, stand.wave, look.measure).word(look.language),
    )


def _beside_the_rest(contribution: Contribution | NotEstimable) -> Sentence:
    """Return the verdict on the gap, naming what the unit is held against where the verdict does not."""
    said = sentences.against_the_rest(contribution)
    if isinstance(contribution, NotEstimable) or contribution.verdict != "no detectable difference":
        return said
    return Sentence("Against the rest of the company: %(verdict)s", {"verdict": said})


def _notes(unit: PublishedUnit, look: Look) -> Sequence[Sentence]:
    """Return what the newest publication says besides of a unit that is shown."""
    if isinstance(unit.figures, Suppressed):
        return ()
    came = came_from(unit, look.newest, look.every, look.sees, look.language)
    if look.measure.kind != "index":
        return came
    found, _ = sentences.since_last_wave(unit.detail, look.newest)
    expected = None if found is None else change_sentences.expected(found)
    rest = () if unit.parent is None else (_beside_the_rest(unit.figures.value.contribution),)
    return (*rest, *filter(None, (expected,)), *came)
