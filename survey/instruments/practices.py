"""Practices: concrete habits a team can adopt, each with the case it comes from, a first step, and how to check it."""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Final

from msgspec import Meta, Struct, field

from survey.i18n import LANGUAGES, Sentence
from survey.instruments.errors import Fault, InstrumentError
from survey.instruments.extra import Extra
from survey.instruments.model import Instrument
from survey.instruments.parts import Part, Text
from survey.instruments.reading import read

REGISTER: Final = Path(__file__).with_name("practices.toml")

WORDED: Final = ("name", "what", "why", "source", "first_step", "next_wave")


class Practice(Part, frozen=True):
    """One practice. Which motives and facets it speaks to is reasoning, untested; it suits the first of them most."""

    name: Text
    what: Annotated[Text, Meta(description="The habit in a sentence.")]
    why: Annotated[Text, Meta(description="The case, as its source tells it.")]
    source: Text
    first_step: Annotated[Text, Meta(description="What a team can do next week.")]
    next_wave: Annotated[Text, Meta(description="How the next wave will show it.")]
    motives: tuple[str, ...]
    facets: tuple[str, ...]
    asks: Annotated[Text, Meta(description="What a wave asks, of a company's own practices only.")] = field(
        default_factory=dict
    )
    """The wording of an extra item; {} where the questionnaire has an item of its own, or nothing is asked."""

    @property
    def item(self) -> str:
        """The item by whose answers a wave shows it: its own in the questionnaire, or an extra item."""
        return Extra(self.asks["ko"], self.asks["en"]).id if self.asks else self.id


class Register(Struct, frozen=True, forbid_unknown_fields=True):
    """The practices of a file. One without a wording in every language, or twice the same, cannot be made."""

    practices: tuple[Practice, ...]

    def __post_init__(self) -> None:
        for path, cure in self._faults():
            raise InstrumentError(path, cure)

    def _faults(self) -> Iterator[Fault]:
        seen = set[str]()
        for place, one in enumerate(self.practices):
            path = f"practices[{place}]"
            if one.id in seen:
                cure = Sentence('"%(id)s" stands here for the second time: choose another id.', {"id": one.id})
                yield f"{path}.id", cure
            seen.add(one.id)
            for worded in (*WORDED, *(["asks"] if one.asks else [])):
                for language in LANGUAGES:
                    if not getattr(one, worded).get(language, "").strip():
                        cure = Sentence('Add the wording in "%(language)s".', {"language": language})
                        yield f"{path}.{worded}.{language}", cure
            for named in ("motives", "facets"):
                for again in twice(getattr(one, named)):
                    cure = Sentence("%(name)s is named twice: remove it once.", {"name": again})
                    yield f"{path}.{named}", cure
            if not one.motives:
                yield f"{path}.motives", Sentence("Name at least one motive that this practice speaks to.")


def twice(names: Sequence[str]) -> list[str]:
    """Return the names that stand in a list more than once."""
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]


@cache
def library() -> tuple[Practice, ...]:
    """Return the practices that come with the product, in the order of the register."""
    return read(REGISTER, Register).practices


def practice(practice_id: str) -> Practice:
    """Return one practice; raises KeyError for an id the register does not have."""
    return {one.id: one for one in library()}[practice_id]


def name_of(practice_id: str, instrument: Instrument, own: Sequence[Practice] = ()) -> Text:
    """Return a practice's name: from the register, from a company's `own`, or from the instrument that asks it.

    Raises:
        KeyError: none has it.
    """
    found = next((one for one in (*library(), *own) if one.id == practice_id), None)
    return instrument.scale(practice_id).name if found is None else found.name


def suggest(
    weakest_motive: str,
    weakest_facet: str,
    adopted: Collection[str],
    limit: int = 3,
    among: Sequence[Practice] | None = None,
) -> tuple[Practice, ...]:
    """Return at most `limit` practices to try, the best match first, none of those `adopted`.

    `among` is what there is to choose from: the register where nothing is said.

    The weakest motive counts before the weakest facet, and what a practice suits most before what it suits besides.
    Where neither stands out ("" for both), no practice is better than another: the register's order decides.

    >>> [one.id for one in suggest("play", "creativity", adopted=())]
    ['free_script', 'front_line_days', 'one_loop']
    >>> [one.id for one in suggest("play", "creativity", adopted=("free_script",), limit=1)]
    ['front_line_days']
    """
    open_ones = [one for one in (library() if among is None else among) if one.id not in adopted]
    if weakest_motive or weakest_facet:
        open_ones = [one for one in open_ones if _match(one, weakest_motive, weakest_facet) > (0, 0)]
        open_ones.sort(key=lambda one: _match(one, weakest_motive, weakest_facet), reverse=True)
    return tuple(open_ones[:limit])


def _match(one: Practice, motive: str, facet: str) -> tuple[float, float]:
    return _nearness(one.motives, motive), _nearness(one.facets, facet)


def _nearness(names: tuple[str, ...], name: str) -> float:
    """1 where `name` stands first, less the further back, 0 where it is not among them."""
    return 1 / (1 + names.index(name)) if name in names else 0
