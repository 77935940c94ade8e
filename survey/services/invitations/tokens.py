"""Codes issued: at the opening every person's code is stored as a hash, without the person, and so is every spare."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from survey.models import Spare, Token, Wave, WaveUnit
from survey.services.invitations.codes import code_for, code_hash, spare_for

ONE_SPARE_FOR: Final = 10
"""People; and one more for every unit."""


def issue(session: Session, wave: Wave, issue_key: bytes, places: Mapping[int, str]) -> None:
    """Store the codes of all people of the frozen roster and every unit's spares, in the order of their hashes.

    Among the hashes nothing tells a spare from a person's code. `places` gives the unit for which the answers of each
    person (by id) count.
    """
    if wave.pepper is None:
        raise ValueError(f"wave {wave.code} has no pepper")
    pools = {unit: pool(invited) for unit, invited in Counter(places.values()).items()}
    spares = list(_spares(wave, issue_key, pools))
    codes = [(code_for(issue_key, wave.code, person), unit) for person, unit in places.items()] + spares
    rows: list[dict[str, Any]] = [
        {"hash": code_hash(wave.pepper, code), "wave_id": wave.id, "report_unit": unit} for code, unit in codes
    ]
    session.execute(insert(Token), sorted(rows, key=lambda row: bytes(row["hash"])))
    kept = [{"code": code, "wave_id": wave.id, "report_unit": unit} for code, unit in sorted(spares)]
    session.execute(insert(Spare), kept)
    sizes = [{"wave_id": wave.id, "code": unit, "spares": size} for unit, size in pools.items()]
    session.execute(update(WaveUnit), sizes)


def pool(invited: int) -> int:
    """Return how many spare codes a unit gets.

    >>> pool(5), pool(10), pool(11)
    (2, 2, 3)
    """
    return -(-invited // ONE_SPARE_FOR) + 1


def _spares(wave: Wave, issue_key: bytes, pools: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield every spare code with its unit."""
    for unit, size in pools.items():
        for number in range(size):
            yield spare_for(issue_key, wave.code, unit, number), unit
