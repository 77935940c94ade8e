"""Codes issued: at the opening every person's code is stored as a hash, without the person."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey.models import Token, Wave
from survey.services.codes import code_for, code_hash


def issue(session: Session, wave: Wave, issue_key: bytes, places: Mapping[int, str]) -> None:
    """Store the codes of all people of the frozen roster, in the order of their hashes.

    `places` gives the unit for which the answers of each person (by id) count.
    """
    if wave.pepper is None:
        raise ValueError(f"wave {wave.code} has no pepper")
    rows: list[dict[str, Any]] = [
        {"hash": code_hash(wave.pepper, code_for(issue_key, wave.code, person)), "wave_id": wave.id, "report_unit": at}
        for person, at in places.items()
    ]
    session.execute(insert(Token), sorted(rows, key=lambda row: bytes(row["hash"])))
