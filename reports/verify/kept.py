"""A report held against the publication that it names, where that is kept: the same data, and p values made again."""

from collections.abc import Sequence
from typing import Any

import msgspec

from reports.excerpt import excerpt
from reports.verify.family import adjusted_again
from reports.verify.findings import Findings, Kept
from reports.verify.resting import FAMILY
from survey.i18n import Sentence
from survey.privacy.thaw import Publication


def against(findings: Findings, publication: Publication, earlier: Sequence[Publication]) -> Kept:
    """Return what differs between a report's source and the publication itself, whose digest was checked before.

    That covers every number that a report alone cannot make again: it must be the published one.
    """
    if findings.unit not in publication or not _same(findings, publication, earlier):
        return Kept(differs=(Sentence("The data in this report are not those of the publication that is kept here."),))
    said = Sentence("The publication kept here says the same.")
    made = list(adjusted_again(publication, earlier[-1], findings.unit)) if earlier else []
    if not made:
        return Kept((said,))
    again = Sentence(
        "%(count)s adjusted p values were made again from the publication kept here.", {"count": len(made)}
    )
    differs = tuple(
        Sentence(
            "%(of)s: the publication says %(told)s, its numbers make %(made)s.",
            {"of": each.of, "told": each.told, "made": each.made},
        )
        for each in made
        if each.told != each.made
    )
    return Kept((said, again), differs, (FAMILY,))


def _same(findings: Findings, publication: Publication, earlier: Sequence[Publication]) -> bool:
    """Return whether the source is what would be printed now; what was said since, and by which program, may differ."""
    told: Any = msgspec.json.decode(excerpt(publication, findings.unit, findings.language, earlier))
    kept: Any = msgspec.json.decode(findings.source)
    for each in (told, kept):
        each["edition"], each["errata"] = "", []
    for now, then in zip(told["earlier"], kept["earlier"], strict=False):
        for added in {"then", "drawn"} - set(then):  # reports of version 0.5.0 did not hold them
            del now[added]
    return bool(told == kept)
