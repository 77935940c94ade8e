"""What those who did not answer could change: sentences from n, invited and the bounds that are published."""

from collections.abc import Iterator

from survey.i18n import Sentence
from survey.privacy.record import Missing, UnitFigures


def absent(figures: UnitFigures) -> tuple[Sentence, ...]:
    """Return what may be said of those missing; nothing where participation is not shown or hardly anybody is."""
    return () if figures.missing is None else tuple(_says(figures.missing, figures.n))


def _says(missing: Missing, n: int) -> Iterator[Sentence]:
    many = missing.invited - n
    yield Sentence(
        "%(n)s of the %(invited)s people invited are counted here. The other %(missing)s did not answer or left too "
        "many questions open.",
        {"n": f"{n:,}", "invited": f"{missing.invited:,}", "missing": f"{many:,}"},
    )
    yield Sentence(
        "Had all of them the lowest index there is, the index of everybody would be %(low)s; with the highest one "
        "%(high)s. That is possible, not likely.",
        {"low": missing.low.text, "high": missing.high.text},
    )
    if missing.near_low is not None and missing.near_high is not None:
        yield Sentence(
            "Were they as far from the mean of those who answered as people usually are from the mean of their unit, "
            "it would lie between %(low)s and %(high)s.",
            {"low": missing.near_low.text, "high": missing.near_high.text},
        )
    if missing.share is not None:
        yield Sentence(
            "Counted are %(share)s %% of those invited (%(low)s to %(high)s %%). The interval says how far the share "
            "may be another one next time by chance alone. Nobody was drawn by lot: those who stay away may be of "
            "another mind than those who answer.",
            {"share": missing.share.text, "low": missing.share.low_text, "high": missing.share.high_text},
        )
