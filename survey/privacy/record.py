"""The frozen record of a wave: everything that is ever shown, and the exact sums it can be recomputed from.

`freeze` makes it. It is kept in pieces (`survey.privacy.head`); `thaw` verifies them, the only way back to `Released`.
Every number is rounded once, here: pages, hover texts, JSON, CSV, alt texts and PDFs carry `Figure.text`.
"""

from typing import Literal

import msgspec

from survey.privacy.evidence import Agreement, Evidence
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.register import Mark, Outcome, Over, OwnPractice
from survey.privacy.released import Reason


class Sums(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Exact sums of a unit over the columns of `Record.columns` (design 6.2 rule 11).

    Never cross-products: those of a few people give the answers of each (docs/decisions/0023-sums-without-products.md).
    """

    n: int
    totals: list[int]
    """One a column, in units of 1 / Column.denominator."""


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column of the moments: a scale, its range, and the whole number its values were multiplied with."""

    scale: str
    denominator: int
    low: int
    high: int


class Position(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Where a unit stands on the tactical x adaptive map, with the 95 % region as an ellipse."""

    tactical: float
    adaptive: float
    radius_major: float
    radius_minor: float
    angle: float
    """Of the major axis, in degrees from the tactical axis, anticlockwise."""


Quadrant = Literal["tactical only", "both", "adaptive only", "neither", "cannot tell yet"]
Verdict = Literal["higher", "lower", "no detectable difference"]


class Contribution(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag=True):
    """The gap to the rest of the company in points of the index, and each motive's part of it (parts add up)."""

    gap: Figure
    parts: dict[str, Figure]
    verdict: Verdict
    acquiescence: Figure
    """The unit's average shift over the six items, removed before the parts were made."""


class Change(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A unit's index against its own last wave; `p_adjusted` over the family fixed at publication."""

    since: str
    """Code of the earlier wave."""
    difference: Figure
    verdict: Verdict
    p_adjusted: float
    g: Figure
    """Hedges' g."""
    detectable: Figure
    """The minimum detectable change in points."""
    expected: Figure | None = None
    """The change to expect if nothing happened: an extreme mean comes back towards the others (regression to the
    mean). None where this is not known."""


class Spread(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """How the answers to one motive are spread: people for each answer from the lowest to the highest."""

    counts: list[int]
    sd: Figure


class Detail(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What units of `detail_k` people and more show besides (tier two)."""

    spreads: dict[str, Spread]
    """By motive; those are missing whose answers are too alike to tell how they are spread."""
    index_sd: Figure | None
    """None where the answers are too alike."""
    label: Quadrant
    label_probability: float
    """Probability of the most probable quadrant."""
    change: Change | None
    """None where the unit had no tier-two result in the last wave, or where showing it would give someone away."""
    change_hidden: str = ""
    """Why `change` is None, as an English sentence of the catalogue."""
    motive_changes: dict[str, Change] = {}
    """By motive, only where the change of the index itself was told apart from chance."""
    origin_change: Change | None = None
    """Against the earlier result of the unit that most of today's people came from, where that is another one."""
    agreement: dict[str, Agreement] = {}
    """By motive and behaviour scale, where the answers may be told apart."""
    shrunken: Position | None = None
    """Where the unit stands on the map once its size and the other units are taken into account: `label` rests on
    it."""
    quadrants: dict[Quadrant, float] = {}
    """Probability of each quarter of the map."""


class Missing(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """How far those who did not answer, or were not counted, could move the index of all who were invited."""

    invited: int
    low: Figure
    high: Figure
    """If each of them had the lowest, or the highest index there is."""
    near_low: Figure | None = None
    near_high: Figure | None = None
    """If each were as far below, or above, as two people of a unit usually are apart (one standard deviation); None
    where that is not told."""
    share: Figure | None = None
    """Of the company only: per cent of those invited who are counted, with Wilson's interval."""


class UnitFigures(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a published unit shows (tier one)."""

    n: int
    index: Figure
    twin: Figure
    """mean(direct) - mean(indirect), unweighted, in points of the answer scale."""
    scales: dict[str, Figure]
    """Every scale of the one base: six motives, facets, adaptive, tactical."""
    contribution: Contribution | NotEstimable
    weakest: str
    """The motive that stands out as weakest (standardised, unweighted), or "" where none does."""
    weakest_facet: str
    """The facet of adaptive performance that stands out as weakest, or ""."""
    balance: Figure | NotEstimable
    """Adaptive minus tactical against the rest of the company."""
    position: Position | None
    """None where the wave did not ask for both axes, or their spread cannot be estimated."""
    practices: dict[str, Figure]
    """By practice item, where enough people answered it; its own base."""
    practices_n: dict[str, int]
    shrunken: Figure | NotEstimable | None = None
    """The index drawn towards units of the same declared type (empirical Bayes), with an interval that carries the
    uncertainty of their mean and variance: for bands and labels only, the plain mean is what is printed."""
    missing: Missing | None = None
    """None where participation is not shown, or so few are missing that they would be pointed at."""


class Rest(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a shown unit holds besides the shown units below it: "the rest of ...", never fewer than k people."""

    n: int
    units: list[str]
    """Codes of the units it is made of, all of them hidden."""
    index: Figure
    scales: dict[str, Figure]


class Origin(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Where a unit's people worked in the wave that changes are counted from, from the rosters, never from answers."""

    stayed: int
    """Of today's people, whole per cent who were in the unit of the same code."""
    unit: str
    """Code of the unit of that wave which most of today's people came from, "" where most were nowhere."""
    share: int
    """Whole per cent who came from there."""


class UnitRecord(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A unit of the frozen tree with what it shows, or why it does not."""

    code: str
    parent: str | None
    names: dict[str, str]
    kind: str
    leads: bool
    """True for the group of people placed directly at `parent`."""
    depth: int
    invited: int
    """Everybody invited in the unit and below it."""
    participation: str
    """A band such as "70–79 %", or "" below 10 invited."""
    hidden: Reason | None
    detail_hidden: Reason | None
    adopted: dict[str, str]
    """Practice id -> date since when."""
    language_note: bool
    """True where the roster's language mix differs from the company's by more than 20 points."""
    sums: Sums | None = None
    figures: UnitFigures | None = None
    detail: Detail | None = None
    rest: Rest | None = None
    """None where every unit below is shown, or none is."""
    origin: Origin | None = None
    """None where the earlier wave's roster is not known."""
    joined: dict[str, dict[str, str]] = {}
    """Where this is a joined group of small units: their names by language, by code. Their answers are kept only
    together."""
    marks: list[Mark] = []
    """What else happened here, by day."""
    over: dict[str, Over] = {}
    """Practices that were ended before this wave opened; such a one is not `adopted`."""


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Total motivation with adaptive and with tactical performance, over people of the whole company."""

    with_adaptive: Figure
    with_tactical: Figure
    difference: Figure
    """Of the reliability-corrected correlations, with a bootstrap interval over teams."""
    n: int
    units: int
    finding: Literal["more with adaptive", "no difference shown", "more with tactical"]


class Reliability(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Internal consistency of a scale over the whole company."""

    scale: str
    coefficient: Literal["alpha", "spearman-brown"]
    figure: Figure | NotEstimable


class Quality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was set aside and what was flagged, for the whole company."""

    received: int
    counted: int
    set_aside: int
    """Responses that skipped a motive or too much of another scale."""
    straight: int | NotEstimable
    """Responses with the same answer to all six opposed motives (flagged, counted); not told of nearly everybody."""
    index_without_straight: Figure | NotEstimable


class WaveFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When and how it was asked."""

    code: str
    kind: Literal["native", "imported"]
    opened_on: str
    closed_on: str
    practices: list[str]
    promise_digest: str
    demo: bool


class PolicyFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The thresholds under which it was published."""

    k: int
    detail_k: int
    strict: bool = False
    """Whether a group below ten of whom one or two moved was told only together with others."""


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a publication says beside its units."""

    company: dict[str, str]
    """The company's name by language."""
    unit_word: str
    wave: WaveFacts
    policy: PolicyFacts
    instrument: str
    """The instrument, as canonical JSON text: formula, weights and version travel with the numbers."""
    columns: list[Column]
    within_variance: dict[str, float]
    """Pooled within-unit variance of each scale and of the index: what intervals below detail_k rest on."""
    reliability: list[Reliability]
    link: Link | NotEstimable
    quality: Quality
    previous: str
    """Digest of the previous publication, or ""."""
    previous_wave: str
    """Code of the previous wave, or ""."""
    evidence: Evidence | None = None
    """None in publications of a version that did not make it."""
    outcomes: list[Outcome] = []
    """By measure; no answers."""
    own_practices: list[OwnPractice] = []
    """The company's own practices: those that could be taken up, and those that a unit had."""


class Record(Told, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One publication, with everything in it: what `freeze` makes and the audit takes."""

    format: Literal[1]
    units: list[UnitRecord]
    """Root first, parents before children, siblings by code."""
