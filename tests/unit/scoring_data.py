"""Instruments and answers made for tests of scoring."""

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from survey.instruments.load import builtin
from survey.instruments.model import Instrument, Item

INSTRUMENT = builtin()


def without_motives() -> Instrument:
    """Return an instrument of one outcome scale with three items from 0 to 6, and no index."""
    base = builtin("w-sdi")
    scale = replace(base.scales[0], id="vigour", kind="outcome", direction="")
    items = tuple(Item(id=f"vigour_{number}", scale="vigour", min=0, max=6) for number in range(1, 4))
    return replace(base, scales=(scale,), items=items, composites=())


def company(
    units: int, people: int, *, adaptive: float = 0.6, tactical: float = 0.3, shared: float = 0.0, seed: int = 0
) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Return answers of `units` x `people` and their units.

    Motivation differs between units and people; adaptive and tactical performance rise with it by these amounts and
    share, besides, a common part (`shared`).
    """
    random = np.random.default_rng(seed)
    place = np.repeat(np.arange(units, dtype=np.int32), people)
    n = len(place)
    drive = random.normal(size=n) * 0.9 + random.normal(size=units)[place] * 0.4
    common = random.normal(size=n) * shared
    behaviour = {
        "tactical": tactical * drive + common + random.normal(size=n) * 0.8,
        "facet": adaptive * drive + common + random.normal(size=n) * 0.8,
    }
    columns = []
    for item in INSTRUMENT.items:
        scale = INSTRUMENT.scale(item.scale)
        if scale.kind == "motive":
            level = drive if scale.direction == "direct" else -drive
        else:
            level = behaviour.get("tactical" if scale.id == "tactical" else scale.kind, np.zeros(n))
        columns.append(np.clip(np.rint(4 + level + random.normal(size=n) * 0.8), item.min, item.max))
    return np.column_stack(columns).astype(np.uint8), place
