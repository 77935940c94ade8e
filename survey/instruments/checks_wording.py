"""Every wording in every language, and nothing in braces but the word for a unit."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from survey.i18n import Sentence
from survey.instruments.errors import Fault
from survey.instruments.parts import Definition, Text

UNIT: Final = "{unit}"
"""Stands in a wording for the company's word for a unit: team, store, department."""


class Place(NamedTuple):
    """A text of the instrument and where it stands."""

    path: str
    text: Text
    needed: bool = True
    names_units: bool = False
    """True where {unit} may stand."""


def wording(definition: Definition) -> Iterator[Fault]:
    """Yield texts without a language, in a language too many, or with something in braces that is not filled in."""
    for place in places(definition):
        if place.needed or place.text:
            yield from _languages(place, definition)
        for language, words in place.text.items():
            if place.names_units and definition.units:
                words = words.replace(UNIT, "")  # noqa: PLW2901 - what is left must be free of braces
            if "{" in words or "}" in words:
                yield (
                    f"{place.path}.{language}",
                    Sentence("Remove the braces: only {unit} may have them, in questions and where [units] has words."),
                )


def _languages(place: Place, definition: Definition) -> Iterator[Fault]:
    for language in definition.languages:
        if not place.text.get(language, "").strip():
            yield f"{place.path}.{language}", Sentence('Add the wording in "%(language)s".', {"language": language})
    for language in place.text.keys() - set(definition.languages):
        yield (
            f"{place.path}.{language}",
            Sentence('Remove this, or add "%(language)s" to languages.', {"language": language}),
        )


def places(definition: Definition) -> Iterator[Place]:
    """Yield every text of an instrument with its place."""
    yield Place("title", definition.title)
    yield Place("intro", definition.intro, needed=False, names_units=True)
    yield Place("comment", definition.comment, needed=False, names_units=True)
    for unit, words in definition.units.items():
        yield Place(f"units.{unit}", words)
    for place, answers in enumerate(definition.answer_scales):
        for number, label in answers.labels.items():
            yield Place(f"answer_scales[{place}].labels.{number}", label)
    for place, block in enumerate(definition.blocks):
        yield Place(f"blocks[{place}].title", block.title, names_units=True)
        yield Place(f"blocks[{place}].intro", block.intro, names_units=True)
    for place, scale in enumerate(definition.scales):
        yield Place(f"scales[{place}].name", scale.name)
    for place, composite in enumerate(definition.composites):
        yield Place(f"composites[{place}].name", composite.name)
    # A definition without wording has none at all; one question with a text means that all have one.
    needed = any(item.text for item in definition.items)
    for place, item in enumerate(definition.items):
        yield Place(f"items[{place}].text", item.text, needed, names_units=True)
