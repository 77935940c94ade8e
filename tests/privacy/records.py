"""Looking into records in tests."""

import hashlib

import msgspec
import numpy as np

from survey.privacy.record import Detail, Record, Sums, UnitFigures
from survey.privacy.thaw import Publication, dump, thaw
from survey.scoring.columns import ColumnSpec
from survey.scoring.moments import Moments


def figures(record: Record, code: str) -> UnitFigures:
    """The figures of a unit that is shown."""
    (found,) = [unit.figures for unit in record.units if unit.code == code]
    assert found is not None
    return found


def detail(record: Record, code: str) -> Detail:
    """The details of a unit that shows them."""
    (found,) = [unit.detail for unit in record.units if unit.code == code]
    assert found is not None
    return found


def sums(record: Record, code: str) -> Sums:
    """The sums of a unit that is shown."""
    (found,) = [unit.sums for unit in record.units if unit.code == code]
    assert found is not None
    return found


def older(record: Record) -> tuple[bytes, str]:
    """The record as versions before 0.5 kept it: everything in one piece, and the digest of that."""
    data = msgspec.json.encode(record, order="deterministic")
    return data, hashlib.sha256(data).hexdigest()


def as_publication(record: Record) -> Publication:
    """The record as pages get it."""
    return thaw(*dump(record))


def moments(publication: Publication, sums: Sums) -> Moments:
    """Published sums as moments, from which every mean of the unit can be computed again."""
    specs = tuple(
        ColumnSpec(column.scale, column.denominator, column.low, column.high) for column in publication.columns
    )
    return Moments(sums.n, np.array(sums.totals), None, specs)
