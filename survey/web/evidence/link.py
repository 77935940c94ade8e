"""Are there two kinds of performance, and what goes together with motivation, at which level?"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports import leaning
from survey.charts import interval, told
from survey.i18n import Sentence
from survey.privacy.evidence import Axes, LinkDetails
from survey.privacy.figures import Figure, NotEstimable
from survey.privacy.record import Link
from survey.privacy.thaw import Publication

SCALES = ("adaptive", "tactical")
OLD = Sentence("This wave was published before these numbers were made.")


@dataclass(frozen=True)
class Cell:
    """One correlation with its interval, or why there is none."""

    shown: str
    interval: str
    why_not: Sentence | None = None


@dataclass(frozen=True)
class Row:
    """One way to look at the link: with adaptive, and with tactical performance."""

    name: Sentence
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class LinkSection:
    """What the page says of the link."""

    says: tuple[Sentence, ...]
    levels: tuple[Row, ...] = ()
    halves: tuple[Row, ...] = ()
    halved: int = 0
    """Units that were large enough to be cut into halves."""
    plain: tuple[Row, ...] = ()
    annex: Sentence | None = None


def two_kinds(publication: Publication) -> Sentence:
    """Return whether the two kinds of performance are two in this company, and what follows."""
    axes = None if publication.evidence is None else publication.evidence.value.axes
    if axes is None:
        return OLD
    if isinstance(axes, NotEstimable):
        return Sentence("No unit gets a label. %(why)s", {"why": Sentence(axes.reason)})
    return _two(axes) if axes.two else leaning.not_two(axes)


def _two(axes: Axes) -> Sentence:
    found = axes.correlation
    return Sentence(
        "Yes. Their correlation is %(correlation)s (%(low)s to %(high)s). The upper end lies below nine tenths, so "
        "they are two things here, and units may be placed on a map of both.",
        {"correlation": found.text, "low": found.low_text, "high": found.high_text},
    )


def link_section(publication: Publication, language: str) -> LinkSection:
    """Return the link with its levels, its halves, and the plain numbers for statisticians."""
    whole = publication.link.value
    details = None if publication.evidence is None else publication.evidence.value.link
    if not isinstance(whole, Link) or not isinstance(details, LinkDetails):
        return LinkSection(leaning.link(publication))
    halves = details.split_half
    return LinkSection(
        says=leaning.link(publication),
        levels=(
            _row(Sentence("Over all people"), (whole.with_adaptive, whole.with_tactical), language),
            _row(Sentence("Among people of the same unit"), [details.within[scale] for scale in SCALES], language),
            _row(Sentence("Between units"), [details.between[scale] for scale in SCALES], language),
        ),
        halves=(
            _row(Sentence("From different people"), [halves[scale].different for scale in SCALES], language),
            _row(Sentence("From the same people"), [halves[scale].same for scale in SCALES], language),
        ),
        halved=details.split_units,
        plain=_plain(details, language),
        annex=_annex(details, language),
    )


def _plain(details: LinkDetails, language: str) -> tuple[Row, ...]:
    if not details.plain.keys() >= set(SCALES):
        return ()
    found = [details.plain[scale] for scale in SCALES]
    return (
        _row(Sentence("Over all people"), [one.whole for one in found], language),
        _row(Sentence("Among people of the same unit"), [one.within for one in found], language),
        _row(Sentence("Between units"), [one.between for one in found], language),
    )


def _annex(details: LinkDetails, language: str) -> Sentence:
    t, p = details.williams, details.williams_p
    if isinstance(t, NotEstimable):
        return Sentence(t.reason)
    if isinstance(p, NotEstimable):
        return Sentence(p.reason)
    return Sentence(
        "Williams’ test of the two correlations over all people: t = %(t)s, p = %(p)s. It takes people of one unit for "
        "strangers to each other and favours the longer scale, so it decides nothing here.",
        {"t": t.text, "p": told(p, language)},
    )


def _row(name: Sentence, figures: Sequence[Figure | NotEstimable], language: str) -> Row:
    return Row(name, tuple(_cell(found, language) for found in figures))


def _cell(found: Figure | NotEstimable, language: str) -> Cell:
    if isinstance(found, NotEstimable):
        return Cell("", "", Sentence(found.reason))
    return Cell(found.text, interval(found, language))
