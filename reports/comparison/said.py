"""The first sentence of a comparison, and the notes on how to read it; chosen by verdicts that were fixed before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from babel.lists import format_list

from reports.comparison.changed import NOT_LOOKED, Told
from reports.comparison.lenses import Lens
from reports.comparison.measures import Measure
from reports.korean import subject
from survey.i18n import Sentence
from survey.privacy.thaw import Publication

NAMED: Final = 2
"""So many units are named where nothing can be told of them; of more it is said how many."""


@dataclass(frozen=True)
class Sorted:
    """Names by verdict, each in the order of the tree."""

    rose: list[str]
    fell: list[str]
    alike: list[str]
    untold: list[str]


def sentence(names: Sequence[str], told: Sequence[Told], measure: Measure, newest: Publication, language: str) -> str:
    """Return what can be said of all units together about the newest wave, before any chart."""
    if not newest.previous_wave:
        first = Sentence("%(wave)s is the first wave: there is no earlier one to compare it with yet.")
        return first.fill(wave=newest.wave.code).to(language)
    if measure.kind == "behaviour":
        text = Sentence(
            "%(measure)s: the values stand side by side with their intervals. Whether they changed or differ was not "
            "tested, so nothing is called higher or lower."
        )
        return text.fill(measure=measure.name).to(language)
    found = _sorted(names, told)
    said = [_changed(found, measure, newest, language), _untold(found, told, measure, language)]
    return " ".join(part for part in said if part)


def _sorted(names: Sequence[str], told: Sequence[Told]) -> Sorted:
    of: dict[str, list[str]] = {"higher": [], "lower": [], "no detectable difference": [], "": []}
    for name, each in zip(names, told, strict=True):
        of[each.change.verdict if each.change is not None else ""].append(name)
    return Sorted(of["higher"], of["lower"], of["no detectable difference"], of[""])


def _changed(found: Sorted, measure: Measure, newest: Publication, language: str) -> str:
    facts: dict[str, object] = {
        "subject": subject(measure.name) if language == "ko" else measure.name,
        "before": newest.previous_wave,
        "wave": newest.wave.code,
        "rose": listed(found.rose, language),
        "fell": listed(found.fell, language),
        "others": _others(found, language),
    }
    pattern = (bool(found.rose), bool(found.fell), bool(found.alike))
    if pattern == (False, False, True) and not found.untold and len(found.alike) > NAMED:
        none = Sentence(
            "%(subject)s: between %(before)s and %(wave)s no change can be told for any of the %(count)s units."
        )
        return none.fill(**facts, count=len(found.alike)).to(language)
    return _PATTERNS[pattern].fill(**facts).to(language) if pattern in _PATTERNS else ""


_PATTERNS: Final = {
    (True, True, True): Sentence(
        "%(subject)s rose in %(rose)s and fell in %(fell)s between %(before)s and %(wave)s; for %(others)s no change "
        "can be told."
    ),
    (True, True, False): Sentence("%(subject)s rose in %(rose)s and fell in %(fell)s between %(before)s and %(wave)s."),
    (True, False, True): Sentence(
        "%(subject)s rose in %(rose)s between %(before)s and %(wave)s; for %(others)s no change can be told."
    ),
    (True, False, False): Sentence("%(subject)s rose in %(rose)s between %(before)s and %(wave)s."),
    (False, True, True): Sentence(
        "%(subject)s fell in %(fell)s between %(before)s and %(wave)s; for %(others)s no change can be told."
    ),
    (False, True, False): Sentence("%(subject)s fell in %(fell)s between %(before)s and %(wave)s."),
    (False, False, True): Sentence(
        "%(subject)s: between %(before)s and %(wave)s no change can be told for %(others)s."
    ),
}


def _others(found: Sorted, language: str) -> str:
    told, count = bool(found.rose or found.fell), len(found.alike)
    if count <= NAMED:
        return listed(found.alike, language)
    said = {
        (True, False): Sentence("the other %(count)s"),
        (True, True): Sentence("%(count)s others"),
    }.get((told, bool(found.untold)), Sentence("%(count)s of the units"))
    return said.fill(count=count).to(language)


def _untold(found: Sorted, told: Sequence[Told], measure: Measure, language: str) -> str:
    if not found.untold:
        return ""
    if not (found.rose or found.fell or found.alike):
        if all(each.why == NOT_LOOKED for each in told):
            text = Sentence(
                "%(measure)s: no change was tested in these units, because motives are looked into only where total "
                "motivation itself has changed."
            )
            return text.fill(measure=measure.name).to(language)
        return Sentence("No verdict on a change was published for these units; the reason stands with each.").to(
            language
        )
    text = Sentence("No verdict was published for %(units)s; the reason stands with each.")
    return text.fill(units=listed(found.untold, language)).to(language)


def notes(measure: Measure, lens: Lens, language: str) -> tuple[str, ...]:
    """Return how a comparison is read, a sentence each."""
    said = [
        Sentence(
            "Each dot is one wave, its bar the 95 % interval: the true value may well lie anywhere within it. The grey "
            "line is the whole company."
        ),
        Sentence("All charts have one scale. Units stand in the order of the company’s tree: there are no ranks."),
        Sentence(
            "A line joins two waves only where both rest on enough people and asked the same. It breaks where fewer "
            "than half of the people had been there the wave before."
        ),
        Sentence(
            "Answers of two waves come from largely the same people but cannot be paired, so intervals of changes are "
            "wide on purpose."
        ),
    ]
    if measure.heavy:
        said.insert(0, Sentence("This motive weighs on people: here less is lighter."))
    if lens != "code":
        said.append(Sentence("Hollow dots: not today’s unit."))
    return tuple(each.to(language) for each in said)


def listed(names: Sequence[str], language: str) -> str:
    """Join names as the language does.

    >>> listed(["North", "South", "Care"], "en"), listed(["북팀", "남팀"], "ko")
    ('North, South and Care', '북팀, 남팀')
    """
    return ", ".join(names) if language == "ko" else format_list(list(names), locale="en_GB")
