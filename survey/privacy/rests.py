"""The rest of a unit: the hidden units below a shown one, taken together (design 6.2, rule 4).

Anybody could work these numbers out from the sums; shown, they are rounded once as all others are.
"""

from collections.abc import Sequence
from dataclasses import replace

from survey.privacy.means import index_figure, scale_figures
from survey.privacy.record import Rest
from survey.privacy.scored import Scored


def rests(scored: Scored) -> dict[str, Rest]:
    """Return the rest of each shown unit that has shown units below it and people besides."""
    cut = scored.partition
    shown = frozenset(cut.shown)
    below: dict[int, list[str]] = {}
    for code, above in zip(cut.shown, cut.above, strict=True):
        below.setdefault(above, []).append(code)
    hidden: dict[int, list[str]] = {}
    for code, cell in zip(scored.inputs.tree.codes, cut.cell_of.tolist(), strict=True):
        if code not in shown:
            hidden.setdefault(cell, []).append(code)
    return {
        code: _rest(scored, place, below[place], hidden.get(place, []))
        for place, code in enumerate(cut.shown)
        if place in below and scored.cell_moments.counts[place]
    }


def _rest(scored: Scored, place: int, below: Sequence[str], hidden: list[str]) -> Rest:
    """Sums are all that is known of a rest, so its intervals rest on the company's spread."""
    people = replace(scored.cell_moments[place], products=None)
    moved = scored.moved[scored.partition.shown[place]].copy()
    for other in below:
        moved -= scored.moved[other]
    return Rest(
        n=people.n,
        units=hidden,
        index=index_figure(scored, people, moved),
        scales=scale_figures(scored, people, moved),
    )
