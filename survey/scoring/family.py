"""Many comparisons at once: p values adjusted for the whole family, which is fixed at publication."""

from collections.abc import Sequence


def adjust(p: Sequence[float]) -> list[float]:
    """Return p values adjusted for the family by Benjamini and Hochberg's step-up procedure.

    Sorted ascending, p(i) becomes the smallest of m p(j) / j over j >= i, at most 1.

    Source: Y. Benjamini and Y. Hochberg (1995), Controlling the false discovery rate, Journal of the Royal Statistical
    Society B 57.

    >>> adjust([0.01, 0.04, 0.03, 0.5])
    [0.04, 0.05333333333333334, 0.05333333333333334, 0.5]
    """
    falling = sorted(range(len(p)), key=p.__getitem__, reverse=True)
    adjusted, smallest = [1.0] * len(p), 1.0
    for above, position in enumerate(falling):
        smallest = min(smallest, p[position] * len(p) / (len(p) - above))
        adjusted[position] = smallest
    return adjusted
