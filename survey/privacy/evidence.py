"""What the whole company's answers say about the numbers themselves: the record's statistics of scales, groups, links.

Kept for the company only, rounded to the printed digits: from more, the few who skipped a question or gave one and the
same answer to all could be told by difference.
"""

from typing import Literal

import msgspec

from survey.privacy.figures import Figure, NotEstimable


class ItemRest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one item goes together with the rest of its scale."""

    item: str
    correlation: Figure | NotEstimable
    """Corrected item-rest correlation, -1 to 1."""
    without: Figure | NotEstimable
    """The scale's coefficient if the item were left out."""


class ScaleEvidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds a scale together, beside its coefficient in `Record.reliability`."""

    scale: str
    omega: Figure | NotEstimable
    """Omega total of one common factor, with which all items go (McDonald 1999)."""
    items: list[ItemRest]


Flag = Literal["straight", "string"]


class Sensitivity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One result of the company with all answers, and without those flagged."""

    what: str
    """Name of the result: `index`, `alpha:<scale>`, `spearman-brown:<scale>`, `omega:<scale>`, `icc1:<index>`,
    `link`."""
    with_all: Figure | NotEstimable
    without: Figure | NotEstimable
    changes: bool = False
    """Whether it would be read in another way without the flagged answers."""


class Carefulness(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Answers that look careless: flagged and counted, never deleted."""

    flagged: dict[Flag, int | NotEstimable]
    """Responses by flag: the same answer to all six motives, a long string of equal answers. Of a few it is not told
    how many; that of the first is `Quality.straight`, which is told anyway."""
    either: int | NotEstimable
    """Responses with any flag."""
    unusual: int | NotEstimable
    """Responses with an unusual combination of answers, which are not flagged."""
    sensitivity: list[Sensitivity] | NotEstimable
    verdict: str = ""
    """Whether any conclusion changes without the flagged answers, as an English sentence of the catalogue."""


class GroupEvidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of a scale's, or the index's, spread lies between units."""

    measure: str
    units: int
    icc1: Figure | NotEstimable
    """Share of one person's answer that goes with the unit; may be below 0."""
    icc2: Figure | NotEstimable
    """Reliability of a unit's mean, at the mean size."""
    between_sd: Figure | NotEstimable
    """Standard deviation of true unit means (square root of the REML variance component)."""
    note: str = ""
    """What the numbers allow to say, as an English sentence of the catalogue."""


class PairFamily(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All pairs of shown units that are compared with each other, judged as one family at publication."""

    kind: str
    """The units' declared type."""
    pairs: int
    critical: float
    """The largest p of a pair that is told apart (Benjamini and Hochberg), or a p up to which pairs are; 0: none is."""
    df: int
    """Degrees of freedom of the company's spread within units, on which the error of a small unit's mean rests."""


class Axes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Whether tactical and adaptive performance are two things in this company."""

    correlation: Figure
    """Corrected for unreliability, with its interval."""
    two: bool


class HalvesLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Correlations over units, each of the means of half their people."""

    different: Figure | NotEstimable
    """Motives from one half, behaviour from the other."""
    same: Figure | NotEstimable
    """Both from the same half: by as much as this is larger, one person's answers go together."""


class PlainLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Correlations as they are, nothing corrected."""

    whole: Figure
    between: Figure | NotEstimable
    """Of units' means, each counted by its people; not below ten units."""
    within: Figure | NotEstimable


class LinkDetails(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """The link, looked at from other sides; by behaviour scale."""

    within: dict[str, Figure | NotEstimable]
    """Corrected correlation with the index among people of the same unit."""
    between: dict[str, Figure | NotEstimable]
    """The same of units' true means; not below ten units."""
    split_half: dict[str, HalvesLink]
    split_units: int
    """Units large enough to be cut into halves."""
    plain: dict[str, PlainLink]
    williams: Figure | NotEstimable
    """Williams' t of the plain correlations, with adaptive against with tactical, as an annex."""
    williams_p: Figure | NotEstimable
    sentence: str
    """The sentence that reports print, chosen by the evidence, as an English sentence of the catalogue."""


class Driver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One motive's part of the spread of the index between units."""

    motive: str
    share: Figure
    """In the index with its weights, whole per cent; all motives together give 100, and one may be below 0."""
    share_unweighted: Figure
    """The same in the unweighted twin."""


class Drivers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Which motive contributes most to the spread between units."""

    units: int
    motives: list[Driver]
    first: str
    """The motive that surely contributes most, or "" where none does."""
    first_unweighted: str
    depends_on_weights: bool
    same_first: int
    """Of other weights in the same order, whole per cent with which the same motive contributes most."""


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it; made for every publication since it was introduced."""

    scales: list[ScaleEvidence] = []
    carefulness: Carefulness | NotEstimable | None = None
    groups: list[GroupEvidence] = []
    pairs: list[PairFamily] = []
    axes: Axes | NotEstimable | None = None
    link: LinkDetails | NotEstimable | None = None
    drivers: Drivers | NotEstimable | None = None


Nulls = Literal["uniform", "skewed"]


class Agreement(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """How far the people of a unit agree on a scale."""

    rwg: dict[Nulls, Figure | NotEstimable]
    """rwg of a single item, rwg(j) of several, against each null distribution; 0 to 1."""
    split: bool
    """Whether the distribution that is shown stands in two camps (`survey.scoring.agreement.split`)."""
    deviation: Figure | None = None
    """Points that people are away from the mean on average, of scales with one question."""
