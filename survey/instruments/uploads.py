"""An instrument that a company brings in as a file: limits, and what this product could not ask or publish.

Refused here in words rather than failing later: what the gate promises ("no answer narrowed below four of seven") holds
for answers from 1 to 7, pages and reports show the six motives, and a text is a text, not a trick.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from survey.i18n import Sentence
from survey.instruments.checks_wording import Place, places
from survey.instruments.comments import visible
from survey.instruments.errors import Fault, InstrumentError
from survey.instruments.extra import PREFIX
from survey.instruments.load import builtin
from survey.instruments.model import Instrument
from survey.instruments.reading import read_bytes

LARGEST: Final = 64 * 1024
"""Bytes of a file."""
DEEP: Final = re.compile(rb"""(?:\.[ \t]{0,8}[\w"'-]{1,64}[ \t]{0,8}){16}""")
"""A name within a name, sixteen deep: reading thousands of them takes minutes, and no instrument has five."""
MOST: Final = {"items": 100, "scales": 60, "blocks": 20, "answer_scales": 20, "composites": 10}
MOST_FACETS: Final = 6
MOST_OTHERS: Final = 3
"""Scales beside motives, the two kinds of performance and their facets: what the last page of a report has room for."""
LONGEST: Final = {"text": 300, "intro": 1_000, "comment": 300, "title": 120, "name": 60, "citation": 1_000}
"""Characters; an intro may be long, everything else stands in a line or three."""
LABEL: Final = 40
LINE_BREAKS: Final = frozenset("\u2028\u2029")
"""They break a line on a terminal and in some programs, and not on a page."""
RESERVED: Final = frozenset(
    {"code", "receipt", "opened", "lang", "speak", "at", "go", "instrument", "comment", "csrf_token"}
)
"""Names of fields by which the pages of the survey are steered."""
UNIT_WORDS: Final = ("team", "store", "department")
SEVEN: Final = (1, 7)
FEWEST: Final = 2
"""Items of each kind of performance."""
PAIR: Final = ("adaptive", "tactical")


def brought_in(data: bytes, file: str) -> Instrument:
    """Return the instrument of a file that a company brings in.

    Raises:
        InstrumentError: with the file's name, the place in it, and what to do instead.
    """
    if len(data) > LARGEST:
        cure = Sentence("Shorten this file: it has %(size)s kB, and %(most)s are enough for a hundred questions.")
        raise InstrumentError("", cure.fill(size=-(-len(data) // 1024), most=LARGEST // 1024), file)
    if DEEP.search(data):
        raise InstrumentError("", Sentence("Correct this file: it has names within names, sixteen deep."), file)
    instrument = read_bytes(data, file, Instrument)
    for path, cure in unusable(instrument):
        raise InstrumentError(path, cure, file)
    return instrument


def unusable(instrument: Instrument) -> Iterator[Fault]:
    """Yield why an instrument cannot be asked and published here, the first reason first."""
    checks: tuple[Callable[[Instrument], Iterator[Fault]], ...] = (
        _sizes, _texts, _asked, _names, _motives, _performance, _words
    )  # fmt: skip
    for check in checks:
        yield from check(instrument)


def _sizes(instrument: Instrument) -> Iterator[Fault]:
    for name, most in MOST.items():
        found = len(getattr(instrument, name))
        if found > most:
            cure = Sentence("Keep %(most)s of them at most; here are %(found)s.", {"most": most, "found": found})
            yield name, cure


def _texts(instrument: Instrument) -> Iterator[Fault]:
    for place in (*places(instrument), *_plain(instrument)):
        for language, words in place.text.items():
            most = _longest(place.path)
            if len(words) > most:
                cure = Sentence("Shorten this to %(most)s characters; it has %(found)s.")
                yield f"{place.path}.{language}".rstrip("."), cure.fill(most=most, found=len(words))
            broken = "\n" in words and ".intro" not in f".{place.path}"
            if words != visible(words) or broken or LINE_BREAKS & set(words):
                yield (
                    f"{place.path}.{language}".rstrip("."),
                    Sentence(
                        "Remove what nobody can see: line breaks, control characters, marks that turn the direction of "
                        "writing."
                    ),
                )


def _plain(instrument: Instrument) -> Iterator[Place]:
    """Yield the texts that are the same in every language."""
    for name in ("version", "citation", "licence"):
        yield Place(name, {"": getattr(instrument, name)})


def _longest(path: str) -> int:
    if "labels" in path or path.startswith("units"):
        return LABEL
    kind = re.split(r"[.\[]", path)[-1]
    return LONGEST.get(kind, LONGEST["citation"])


def _asked(instrument: Instrument) -> Iterator[Fault]:
    for place, item in enumerate(instrument.items):
        path = f"items[{place}]"
        if not item.text:
            yield (
                f"{path}.text",
                Sentence(
                    "Add a wording you may use: an instrument without one scores answers collected elsewhere, but "
                    "cannot be asked."
                ),
            )
        if item.range != SEVEN:
            yield (
                f"{path}.max",
                Sentence(
                    "Let answers run from 1 to 7: how we protect small groups is checked for these, and promised with "
                    "them."
                ),
            )


def _names(instrument: Instrument) -> Iterator[Fault]:
    for place, item in enumerate(instrument.items):
        if item.id in RESERVED or item.id.startswith(PREFIX):
            cure = Sentence('Choose another id than "%(id)s": pages use it themselves.', {"id": item.id})
            yield f"items[{place}].id", cure
    for place, scale in enumerate(instrument.scales):
        if scale.id.startswith(PREFIX):
            cure = Sentence('Choose another id than "%(id)s": pages use it themselves.', {"id": scale.id})
            yield f"scales[{place}].id", cure


def _motives(instrument: Instrument) -> Iterator[Fault]:
    ours = {scale.id: scale.direction for scale in builtin().motives}
    found = {scale.id: scale.direction for scale in instrument.motives}
    for motive, direction in ours.items():
        if found.get(motive) != direction:
            cure = Sentence(
                'Add the motive "%(id)s" (%(direction)s): pages and reports show the six motives and the index made of '
                "them."
            )
            yield "scales", cure.fill(id=motive, direction=direction)
    for place, scale in enumerate(instrument.scales):
        if scale.kind == "motive" and scale.id not in ours:
            cure = Sentence('Let "%(id)s" be of the kind "outcome": the index is made of the six motives.')
            yield f"scales[{place}].kind", cure.fill(id=scale.id)


def _performance(instrument: Instrument) -> Iterator[Fault]:
    """Both kinds of performance or neither; facets of the adaptive one only; not more than a page holds."""
    kinds = {scale.id: scale.kind for scale in instrument.scales}
    for name, other in (PAIR, PAIR[::-1]):
        if kinds.get(name) != "behaviour" and other in kinds:
            cure = Sentence('Add the behaviour scale "%(id)s", or remove "%(other)s": reports show the two together.')
            yield "scales", cure.fill(id=name, other=other)
    for place, scale in enumerate(instrument.scales):
        if scale.id in PAIR and len(instrument.items_of(scale.id)) < FEWEST:
            cure = Sentence('Give "%(id)s" two items or more: of one alone it is not told how far people agree.')
            yield f"scales[{place}].id", cure.fill(id=scale.id)
    facets = [scale for scale in instrument.scales if scale.kind == "facet"]
    for place, scale in enumerate(instrument.scales):
        if scale.kind == "facet" and scale.parent != PAIR[0]:
            yield f"scales[{place}].parent", Sentence('Let facets be part of "adaptive": reports show no others.')
    others = [scale for scale in instrument.scales if scale.kind in {"outcome", "behaviour"} and scale.id not in PAIR]
    for found, most, kind in ((facets, MOST_FACETS, "facet"), (others, MOST_OTHERS, "outcome")):
        if len(found) > most:
            cure = Sentence('Keep %(most)s scales of the kind "%(kind)s" at most: a report has no room for more.')
            yield "scales", cure.fill(most=most, kind=kind)


def _words(instrument: Instrument) -> Iterator[Fault]:
    for word in UNIT_WORDS:
        if instrument.units and word not in instrument.units:
            yield f"units.{word}", Sentence('Add the word "%(unit)s" for a unit.', {"unit": word})
