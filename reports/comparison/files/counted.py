"""What the company counted beside a comparison, as a table: units by waves, each wave with the period after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.comparison.contents import Comparison


@dataclass(frozen=True)
class Counted:
    """The table."""

    title: str
    """The measure, what it is counted in, and which direction the company wishes."""
    verdict: str
    heads: tuple[tuple[str, str], ...]
    """A wave each, and the period after it; "" where nothing is known of one."""
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    """Name of a unit, and what was counted after each wave; "" where nothing is known."""


def counted(compared: Comparison, waves: Sequence[str] | None = None) -> Counted | None:
    """Return the outcome of a comparison over all or some of its waves; None where none is drawn beside."""
    found = compared.outcome
    if found is None:
        return None
    some = [place for place, wave in enumerate(compared.waves) if waves is None or wave in waves]
    first = next(iter(found.values.values()), ())
    return Counted(
        f"{found.name} ({found.counted_in}) · {found.better}",
        found.verdict,
        tuple((first[at].wave, first[at].period) for at in some),
        tuple((line.name, tuple(found.values[line.code][at].shown for at in some)) for line in compared.lines),
    )
