"""Instruments from TOML files: those that come with the product, and any other."""

from functools import cache
from pathlib import Path
from typing import Final

from survey.i18n import Sentence
from survey.instruments.errors import InstrumentError
from survey.instruments.model import Instrument
from survey.instruments.reading import read

__all__ = ["DEFAULT", "InstrumentError", "available", "builtin", "load", "source"]

FOLDER: Final = Path(__file__).parent
DEFAULT: Final = "total-motivation"
NOT_LISTED: Final = frozenset({DEFAULT, "practices"})
"""Files of the folder that are not listed after the default."""


@cache
def available() -> tuple[str, ...]:
    """Ids of the instruments in the folder of this module, which are the names of their files; the default first."""
    return DEFAULT, *sorted({path.stem for path in FOLDER.glob("*.toml")} - NOT_LISTED)


def builtin(instrument_id: str = DEFAULT, unit: str = "") -> Instrument:
    """Return an instrument of this folder, worded for `unit` ("team", "store", "department"; "" is team).

    Raises:
        KeyError: there is none with this id.
        InstrumentError: the instrument has no such word for a unit.
    """
    if instrument_id not in available():
        raise KeyError(f"no instrument {instrument_id!r}; there are {', '.join(available())}")
    return _read_once(instrument_id, unit)


@cache
def source(instrument_id: str) -> str:
    """Return the file of an instrument of this folder; raises KeyError where there is none with this id."""
    return (FOLDER / f"{builtin(instrument_id).id}.toml").read_text("utf-8")


@cache
def _read_once(instrument_id: str, unit: str) -> Instrument:
    return load(FOLDER / f"{instrument_id}.toml", unit)


def load(path: Path, unit: str = "") -> Instrument:
    """Read an instrument from its TOML file, worded for `unit` (the first of its words for a unit where "").

    Raises:
        InstrumentError: with the file's name, the place in it, and what to write instead.
    """
    instrument = read(path, Instrument)
    if unit and instrument.units and unit not in instrument.units:
        raise InstrumentError("units", Sentence('Add the word "%(unit)s" for a unit.', {"unit": unit}), path.name)
    return instrument.worded_for(unit)
