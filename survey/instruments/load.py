"""Instruments from TOML files: those that come with the product, and any other."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from survey.instruments.model import Instrument

FOLDER: Final = Path(__file__).parent
DEFAULT: Final = "total-motivation"
BUILTIN: Final = (DEFAULT, "w-sdi")


def available() -> tuple[str, ...]:
    """Ids of the instruments that come with the product, the default first."""
    return BUILTIN


@cache
def builtin(instrument_id: str = DEFAULT, unit: str = "") -> Instrument:
    """Return an instrument that comes with the product, worded for `unit` ("team", "store", "department"; "" is team).

    Raises:
        KeyError: there is none with this id, or it has no such word for a unit.
    """
    if instrument_id not in BUILTIN:
        raise KeyError(f"no instrument {instrument_id!r}; there are {', '.join(BUILTIN)}")
    return load(FOLDER / f"{instrument_id}.toml", unit)


def load(path: Path, unit: str = "") -> Instrument:
    """Read an instrument from its TOML file."""
    return msgspec.convert(tomllib.loads(path.read_text("utf-8")), type=Instrument).worded_for(unit)
