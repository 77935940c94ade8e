"""Many comparisons at once: p values adjusted for the whole family, which is fixed at publication."""

from collections.abc import Sequence


def adjust(p: Sequence[float]) -> list[float]:
    """Return p values adjusted for the family by Benjamini and Hochberg's step-up procedure.

    Sorted ascending, p(i) becomes the smallest of m p(j) / j over j >= i, at most 1.

    Source: Y. Benjamini and Y. Hochberg (1995), Controlling the false discovery rate, Journal of the Royal Statistical
    Society B 57.

    Assumes: the p values are independent of each other, or rise and fall together; and the family was fixed before
    anybody looked.

    Limits: of all differences that are called so, on average up to one in twenty is none. Which one is not known.

    Args:
        p: Two-sided p values, each 0 to 1.

    Returns:
        The adjusted values in the same order, none below its own p.

    >>> adjust([0.01, 0.04, 0.03, 0.5])
    [0.04, 0.05333333333333334, 0.05333333333333334, 0.5]
    """
    falling = sorted(range(len(p)), key=p.__getitem__, reverse=True)
    adjusted, smallest = [1.0] * len(p), 1.0
    for above, position in enumerate(falling):
        smallest = min(smallest, p[position] * len(p) / (len(p) - above))
        adjusted[position] = smallest
    return adjusted
