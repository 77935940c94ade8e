"""What colours look like to those who read them: contrast, difference, and three kinds of colour blindness."""

from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin
from typing import Final

Colour = tuple[float, float, float]

SIGHTS: Final[dict[str, tuple[Colour, Colour, Colour]]] = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
"""Matrices on linear sRGB, severity 1.0: Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation
of Color Vision Deficiency, IEEE Transactions on Visualization and Computer Graphics 15 (2009), 1291-1298."""
WHITE: Final[Colour] = (0.95047, 1.0, 1.08883)
"""D65, the white of sRGB (IEC 61966-2-1)."""


def linear(colour: str) -> Colour:
    """Return a colour such as #1d2433 as linear sRGB, each part from 0 to 1."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").

    >>> round(contrast("#000000", "#ffffff"), 2), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    light, dark = sorted((_luminance(linear(one)), _luminance(linear(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def seen(colour: str, sight: str) -> Colour:
    """Return a colour in CIELAB as eyes of a kind see it."""
    red, green, blue = linear(colour)
    shown = [min(1.0, max(0.0, a * red + b * green + c * blue)) for a, b, c in SIGHTS[sight]]
    return _lab((shown[0], shown[1], shown[2]))


def _lab(colour: Colour) -> Colour:
    red, green, blue = colour
    spread = (
        (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / WHITE[0],
        (0.2126729 * red + 0.7151522 * green + 0.072175 * blue) / WHITE[1],
        (0.0193339 * red + 0.119192 * green + 0.9503041 * blue) / WHITE[2],
    )
    x, y, z = (part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116 for part in spread)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: Colour, other: Colour) -> float:
    """Return how far two colours in CIELAB are apart (CIEDE2000).

    Formula and test data: Sharma, Wu and Dalal, The CIEDE2000 Color-Difference Formula, Color Research and Application
    30 (2005), 21-30.

    >>> round(difference((50, 2.6772, -79.7751), (50, 0, -82.7485)), 4)
    2.0425
    >>> round(difference((50, 2.5, 0), (73, 25, -18)), 4), round(difference((50, 2.5, 0), (50, 0, -2.5)), 4)
    (27.1492, 4.3065)
    """
    (c1, h1), (c2, h2) = _polar(one, other), _polar(other, one)
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    apart = (other[0] - one[0], c2 - c1, 2 * (c1 * c2) ** 0.5 * sin(radians(turn / 2)))
    light, chroma = (one[0] + other[0]) / 2, (c1 + c2) / 2
    hue = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    across = (
        1 - 0.17 * cos(radians(hue - 30)) + 0.24 * cos(radians(2 * hue)) + 0.32 * cos(radians(3 * hue + 6))
        - 0.2 * cos(radians(4 * hue - 63))
    )  # fmt: skip
    weights = (
        1 + 0.015 * (light - 50) ** 2 / (20 + (light - 50) ** 2) ** 0.5,
        1 + 0.045 * chroma,
        1 + 0.015 * chroma * across,
    )
    bend = 60 * exp(-(((hue - 275) / 25) ** 2))
    turned = -2 * _flat(chroma) * sin(radians(bend))
    lightness, saturation, shift = (each / weight for each, weight in zip(apart, weights, strict=True))
    return float((lightness**2 + saturation**2 + shift**2 + turned * saturation * shift) ** 0.5)


def _flat(chroma: float) -> float:
    return float((chroma**7 / (chroma**7 + 25**7)) ** 0.5)


def _polar(colour: Colour, beside: Colour) -> tuple[float, float]:
    """Return chroma and hue, the red-green axis stretched for greys as the formula has it."""
    mean = (hypot(*colour[1:]) + hypot(*beside[1:])) / 2
    red = colour[1] * (1 + (1 - _flat(mean)) / 2)
    return hypot(red, colour[2]), degrees(atan2(colour[2], red)) % 360


def nearest(colours: dict[str, str], sight: str) -> tuple[float, str, str]:
    """Return the two colours that eyes of a kind tell apart least, and how far they are apart."""
    return min(
        (difference(seen(colours[one], sight), seen(colours[other], sight)), one, other)
        for one, other in combinations(colours, 2)
    )
