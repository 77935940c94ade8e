"""The rest of a unit: the hidden units below a shown one, taken together (design 6.2, rule 4).

Anybody could work these numbers out from the sums; shown, they are rounded once as all others are.
"""

from dataclasses import replace

from survey.privacy.means import index_figure, scale_figures
from survey.privacy.record import Rest
from survey.privacy.scored import Scored
from survey.scoring.moments import Moments


def rests(scored: Scored) -> dict[str, Rest]:
    """Return the rest of each shown unit that has shown units below it and people besides."""
    cut = scored.partition
    parents = {place for place in cut.above if place >= 0}
    return {
        code: _rest(scored, place, replace(scored.cell_moments[place], products=None))
        for place, code in enumerate(cut.shown)
        if place in parents and scored.cell_moments[place].n
    }


def _rest(scored: Scored, place: int, people: Moments) -> Rest:
    """Sums are all that is known of a rest, so its intervals rest on the company's spread."""
    cut, tree = scored.partition, scored.inputs.tree
    below = [other for other, above in zip(cut.shown, cut.above, strict=True) if above == place]
    moved = scored.moved[cut.shown[place]].copy()
    for other in below:
        moved -= scored.moved[other]

    hidden = {code for code, cell in zip(tree.codes, cut.cell_of, strict=True) if cell == place} - set(cut.shown)
    return Rest(
        n=people.n,
        units=[code for code in tree.codes if code in hidden],
        index=index_figure(scored, people, moved),
        scales=scale_figures(scored, people, moved),
    )
