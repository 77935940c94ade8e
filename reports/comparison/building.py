"""Putting a comparison together: units of the newest wave, followed back over all of them; a pure function."""

from collections.abc import Sequence
from dataclasses import replace

from reports.asked_otherwise import asked_otherwise
from reports.comparison.apart import told_apart
from reports.comparison.beside import outcome
from reports.comparison.contents import Cell, Choice, Comparison
from reports.comparison.lenses import Sees, Stand
from reports.comparison.lines import Look, cell, change, line
from reports.comparison.measures import Measure, measure_of
from reports.comparison.said import notes, sentence
from reports.comparison.scale import axis_of
from survey.i18n import Sentence
from survey.privacy.thaw import Publication, PublishedUnit


def comparison(choice: Choice, publications: Sequence[Publication], sees: Sees, language: str) -> Comparison:
    """Return units over waves, as far as somebody may see them.

    Args:
        choice: Units of the newest wave that may be seen, a measure of it, a wave, an outcome; all of them known.
        publications: Every wave published, the earliest first.
        sees: What the reader may see; who may see a unit of today may not have seen it then.
        language: The reader's.

    Raises:
        KeyError: the choice names something that no publication holds.
    """
    every, newest = tuple(publications), publications[-1]
    waves = _since(every, choice.since)
    measure = measure_of(newest, choice.what, language)
    if measure is None:
        raise KeyError(choice.what)
    units = in_order([newest.unit(code) for code in choice.units], newest)
    look = Look(every, waves, measure, choice.lens, sees, language)
    company, lines = _company(look), tuple(line(unit, look) for unit in units)
    return Comparison(
        choice=replace(choice, units=tuple(unit.code for unit in units)),
        language=language,
        measure=measure,
        title=_title(measure, waves, language),
        company_name=newest.company_name(language),
        sentence=sentence(
            [each.name for each in lines], [change(unit, look) for unit in units], measure, newest, language
        ),
        waves=tuple(wave.wave.code for wave in waves),
        company=company,
        lines=lines,
        axis=axis_of([cell.figure for row in (*(each.cells for each in lines), company) for cell in row], measure),
        apart=told_apart(units, newest, measure, language),
        outcome=outcome(choice.beside, [unit.code for unit in units], waves, every, sees, language)
        if choice.beside
        else None,
        otherwise=asked_otherwise(waves, language),
        notes=notes(measure, choice.lens, language),
        digests=tuple(wave.digest for wave in waves),
        demo=newest.wave.demo,
    )


def in_order(units: Sequence[PublishedUnit], publication: Publication) -> tuple[PublishedUnit, ...]:
    """Return units in the order of the tree, each once: never by their numbers, nor as they were chosen."""
    unique = {unit.code: unit for unit in units}
    return tuple(sorted(unique.values(), key=lambda unit: [above.code for above in publication.path(unit.code)]))


def _since(every: tuple[Publication, ...], since: str) -> tuple[Publication, ...]:
    if not since:
        return every
    places = [place for place, wave in enumerate(every) if wave.wave.code == since]
    if not places:
        raise KeyError(since)
    return every[places[0] :]


def _title(measure: Measure, waves: Sequence[Publication], language: str) -> str:
    if len(waves) == 1:
        return Sentence("%(measure)s, %(wave)s", {"measure": measure.name, "wave": waves[0].wave.code}).to(language)
    facts: dict[str, object] = {"measure": measure.name, "first": waves[0].wave.code, "last": waves[-1].wave.code}
    return Sentence("%(measure)s, %(first)s to %(last)s", facts).to(language)


def _company(look: Look) -> tuple[Cell, ...]:
    """Return the whole company in each wave; its line breaks only where a wave asked otherwise."""
    found = []
    for before, wave in zip((None, *look.waves), look.waves, strict=False):
        apart = before is not None and not look.measure.holds(before.instrument, wave.instrument)
        stand = Stand(wave, wave.root, joined=before is not None and not apart)
        found.append(replace(cell(stand, look), apart=apart))
    return tuple(found)
