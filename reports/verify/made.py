"""A number of a report beside the same number as its formula makes it."""

from collections.abc import Iterator
from dataclasses import dataclass

from survey.privacy.figures import Figure, Style, text


@dataclass(frozen=True)
class Made:
    """A number, as the source has it and as its formula makes it."""

    of: str
    told: str
    made: str


def near(of: str, figure: Figure, made: float, style: Style, within: float = 2e-5) -> Made:
    """Return a number made of numbers that were rounded themselves: the same where no more than that lies between."""
    return Made(of, figure.text, text(figure.value if abs(figure.value - made) <= within else made, style))


def ends(of: str, figure: Figure, low: float, high: float, style: Style, within: float = 2e-5) -> Iterator[Made]:
    """Yield an interval, cut where its numbers end; nothing where the figure has none."""
    if figure.low is None or figure.high is None:
        return
    low = low if style.low is None else max(low, style.low)
    high = high if style.high is None else min(high, style.high)
    yield near(f"interval: {of}", Figure(figure.low, figure.low_text), low, style, within)
    yield near(f"interval: {of}", Figure(figure.high, figure.high_text), high, style, within)


def close(of: str, told: float, made: float, within: float = 1e-5) -> Made:
    """Return a number that is kept with six decimals: the same where no more than rounding lies between."""
    return Made(of, f"{told:.6f}", f"{told if abs(told - made) <= within else made:.6f}")
