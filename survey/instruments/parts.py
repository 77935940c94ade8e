"""The parts of an instrument, as they are written in its TOML file. Plain frozen values; `checks` says what fits."""

from fractions import Fraction
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from survey.i18n import LANGUAGES

NAME: Final = r"^[a-z][a-z0-9_]{0,63}$"
"""What ids look like; that of an instrument, which is a file's name too, has "-" for "_"."""
FILE_NAME: Final = NAME.replace("_", "-")
WEIGHT: Final = r"^-?[1-9][0-9]{0,5}(/[1-9][0-9]{0,5})?$"
LOWEST: Final = 0
HIGHEST: Final = 100
"""Answers stay well below the byte that means "skipped"."""

# What an editor should know of a field besides its type. It is told through the JSON Schema only: `checks` says it with
# a cure.
_ANSWER: Final = {"minimum": LOWEST, "maximum": HIGHEST}
_EXACT: Final = {"patternProperties": {"": {"type": "string", "pattern": WEIGHT}}}

Text = Annotated[dict[str, str], Meta(extra_json_schema={"required": list(LANGUAGES)})]
"""Wording by language ("ko", "en")."""

Kind = Literal["motive", "outcome", "facet", "behaviour", "practice"]
Direction = Literal["direct", "indirect", ""]

Range = tuple[int, int]
"""Lowest and highest value."""


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A named part of an instrument."""

    id: Annotated[str, Meta(description="Lower-case name.", extra_json_schema={"pattern": NAME})]


class Item(Part, frozen=True):
    """One question. Answers are whole numbers from `min` to `max`; any question may be skipped."""

    scale: Annotated[str, Meta(description="Id of the scale this item belongs to.")]
    text: Annotated[Text, Meta(description="The wording by language; absent in a definition without wording.")] = {}
    min: Annotated[int, Meta(description="Lowest answer, 0 or more.", extra_json_schema=_ANSWER)] = 1
    max: Annotated[int, Meta(description="Highest answer, 100 or less.", extra_json_schema=_ANSWER)] = 7
    reverse: Annotated[
        bool, Meta(description="True where a high answer means little of the scale. Never a motive.")
    ] = False
    required: Annotated[
        bool, Meta(description="A response without it is set aside; nobody is ever made to answer.")
    ] = False
    answers: Annotated[str, Meta(description="Id of the answer scale whose labels stand at the numbers.")] = ""
    block: Annotated[str, Meta(description="Id of the block of the form it is asked in.")] = ""

    @property
    def range(self) -> Range:
        """Lowest and highest answer."""
        return self.min, self.max


class AnswerScale(Part, frozen=True):
    """What the numbers mean: labels for some values, always for the lowest and the highest."""

    labels: Annotated[dict[str, Text], Meta(description="Label by number and language.")]


class Block(Part, frozen=True):
    """Questions that are asked together, under one heading and one introduction."""

    title: Text
    intro: Text


class Scale(Part, frozen=True):
    """What items measure together."""

    name: Text
    kind: Annotated[Kind, Meta(description="A motive counts in the index; a facet is a part of a behaviour scale.")]
    direction: Annotated[
        Direction, Meta(description="Of a motive: direct motives raise the index, indirect ones lower it.")
    ] = ""
    parent: Annotated[str, Meta(description="Of a facet: id of the behaviour scale it is a part of.")] = ""


class Composite(Part, frozen=True):
    """A weighted sum of scales, with exact weights."""

    name: Text
    weights: Annotated[
        dict[str, str],
        Meta(description='Weight by scale, as an exact number in quotes: "10", "-5/3".', extra_json_schema=_EXACT),
    ]
    low: Annotated[int, Meta(description="The lowest value the weights can reach.")]
    high: Annotated[int, Meta(description="The highest value the weights can reach.")]
    rescale: Annotated[
        Range | None, Meta(description="Range that scales are carried to before weighting, such as [1, 7].")
    ] = None

    @property
    def fractions(self) -> dict[str, Fraction]:
        """The weights as exact numbers, by scale.

        >>> Composite("c", {}, {"play": "-5/3"}, low=0, high=1).fractions
        {'play': Fraction(-5, 3)}
        """
        return {scale: Fraction(weight) for scale, weight in self.weights.items()}


class Definition(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """Everything an instrument's file says, not yet checked."""

    id: Annotated[
        str, Meta(description="Lower-case name, the same over all versions.", extra_json_schema={"pattern": FILE_NAME})
    ]
    version: Annotated[str, Meta(description="Changes whenever a word or a weight changes.")]
    title: Text
    languages: tuple[str, ...]
    citation: Annotated[str, Meta(description="Where the instrument comes from.")]
    licence: Annotated[str, Meta(description="Under what terms its wording may be used.")]
    intro: Annotated[Text, Meta(description="Said before the first question.")] = {}
    comment: Annotated[Text, Meta(description="The one open question at the end, if any.")] = {}
    units: Annotated[
        dict[str, Text], Meta(description="Words that {unit} in a wording can stand for; the first is the usual one.")
    ] = {}
    answer_scales: tuple[AnswerScale, ...] = ()
    blocks: tuple[Block, ...] = ()
    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    composites: tuple[Composite, ...] = ()

    def range_of(self, scale_id: str) -> Range:
        """Lowest and highest value of a scale: that of its items, which all have the same."""
        return self.items_of(scale_id)[0].range

    def items_of(self, scale_id: str) -> tuple[Item, ...]:
        """Return the items of a scale in the instrument's order; for a scale with facets, the items of all of them."""
        ids = {scale_id} | {scale.id for scale in self.scales if scale.parent == scale_id}
        return tuple(item for item in self.items if item.scale in ids)

    @property
    def motives(self) -> tuple[Scale, ...]:
        """The scales of the index, in the order of the file."""
        return tuple(scale for scale in self.scales if scale.kind == "motive")

    @property
    def index(self) -> Composite | None:
        """The composite made of the motives; None for an instrument without motives."""
        motives = {scale.id for scale in self.motives}
        return next((composite for composite in self.composites if motives & composite.weights.keys()), None)
