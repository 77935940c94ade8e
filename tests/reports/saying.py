"""What the slots of the library of sentences are made of: one case, and evidence made by hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from survey.i18n import Sentence
from survey.privacy.record import Detail, UnitFigures
from survey.privacy.released import Released, release
from survey.privacy.thaw import PublishedUnit, dump, thaw
from tests.reports import company


@dataclass(frozen=True)
class Case:
    """What is said in one combination."""

    slot: str
    when: str
    said: tuple[Sentence, ...]
    verdict: str = ""
    """The frozen verdict that the words must agree with, "" where there is none."""
    listed: bool = True
    """Whether the page lists it; combinations of sentences that are listed one by one are not."""


class Named(Sentence):
    """A fact that each language says in its own way: the name of a motive or a unit, "or more"."""

    def __init__(self, by_language: dict[str, object]) -> None:
        super().__init__("")
        object.__setattr__(self, "by_language", by_language)

    def to(self, language: str) -> str:
        """Say it."""
        found: dict[str, object] = vars(self)["by_language"]
        fact = found[language]
        return fact.to(language) if isinstance(fact, Sentence) else str(fact)


def in_both(said: Mapping[str, Sentence | None]) -> Sentence:
    """Return a sentence whose facts were filled in for one language, for both."""
    english, korean = said["en"], said["ko"]
    assert english is not None
    assert korean is not None
    assert english.text == korean.text
    return Sentence(
        english.text, {name: Named({"en": fact, "ko": korean.facts[name]}) for name, fact in english.facts.items()}
    )


def company_figures(code: str) -> UnitFigures:
    """Return the figures of a unit of the hand-made publication."""
    found = company.publication().unit(code).figures
    assert isinstance(found, Released)
    return found.value


def details(**changes: object) -> Released[Detail]:
    """Return the details of a unit of which something else was published."""
    found = company.publication().unit("SALES").detail
    assert isinstance(found, Released)
    return release(replace(found.value, **changes))


def altered(code: str, **facts: object) -> PublishedUnit:
    """Return a unit of the hand-made publication of which something else was published."""
    record = company.record()
    units = [replace(unit, **facts) if unit.code == code else unit for unit in record.units]
    return thaw(*dump(replace(record, units=units))).unit(code)
