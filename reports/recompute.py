"""Which paragraph of the method each number of an annex is made by, so that anybody can make it again."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from survey.scoring.methods import numbers

IN_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "reliability": "alpha",
        "link": "link",
        "evidence.axes": "two-axes",
        "evidence.link.within": "levels",
        "evidence.link.between": "levels",
        "evidence.link.split_half": "halves",
        "evidence.link.plain": "plain-correlations",
        "evidence.link.williams": "williams",
        "evidence.link.williams_p": "williams",
        "quality": "same-answer",
        "waves.index": "total-motivation",
        "unit.participation": "share",
        "unit.sums": "scale-score",
        "unit.figures.n": "one-base",
        "unit.figures.index": "total-motivation",
        "unit.figures.twin": "twin",
        "unit.figures.scales": "scale-score",
        "unit.figures.contribution": "contribution",
        "unit.figures.weakest": "weakest",
        "unit.figures.weakest_facet": "weakest",
        "unit.figures.balance": "comparison",
        "unit.figures.position": "region",
        "unit.figures.practices": "practice-base",
        "unit.figures.shrunken": "drawn-mean",
        "unit.figures.missing": "missing",
        "unit.detail.spreads": "interval",
        "unit.detail.index_sd": "interval",
        "unit.detail.label": "label",
        "unit.detail.label_probability": "map",
        "unit.detail.change": "comparison",
        "unit.detail.motive_changes": "chosen-families",
        "unit.detail.agreement": "agreement",
        "unit.detail.shrunken": "true-place",
        "unit.detail.quadrants": "map",
    }
)
"""By the path of a field in results.json; all intervals besides are those of the paragraph "interval"."""

IN_ROWS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "index": "total-motivation",
        "index of the rest": "total-motivation",
        "index in": "total-motivation",
        "twin": "twin",
        "mean": "scale-score",
        "gap": "comparison",
        "part of the gap": "contribution",
        "balance": "comparison",
        "practice": "practice-base",
        "change": "comparison",
        "change of a motive since": "chosen-families",
    }
)
"""By the measure of a row of results.csv, or the words with which it begins."""


def of_fields() -> dict[str, dict[str, str]]:
    """Return for each field the paragraph that makes it: its id and its number."""
    return {path: {"id": found, "paragraph": numbers()[found]} for path, found in IN_FIELDS.items()}


def of_row(measure: object) -> str:
    """Return the paragraph that makes the number of a row; "" for a row without a number.

    >>> of_row("change"), of_row("index in 2026-Q1"), of_row("suppressed")
    ('comparison', 'total-motivation', '')
    """
    if measure in IN_ROWS:
        return IN_ROWS[str(measure)]
    return next((found for begin, found in IN_ROWS.items() if str(measure).startswith(f"{begin} ")), "")
