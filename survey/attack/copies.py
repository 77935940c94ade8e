"""Copies of a database that were taken while answers came in: what do they tell about what is kept now?"""

from collections.abc import Sequence

from survey.attack.known import Known
from survey.attack.orders import Order
from survey.attack.target import Row, Target
from survey.i18n import Sentence

COPIED = Sentence("differences between copies taken meanwhile")


def first_seen(copies: Sequence[Target], after: Target) -> Order:
    """Return the responses that are recognised in the copies, ordered by the copy in which each appears first."""
    seen: dict[bytes, int] = {}
    for number, copy in enumerate(copies):
        for row in copy.table("intake"):
            seen.setdefault(bytes(row["answers"]), number)
    rows: list[Row] = [row for row in after.table("response") if bytes(row["answers"]) in seen]
    return Order("response", COPIED, tuple(sorted(rows, key=lambda row: seen[bytes(row["answers"])])))


def lying_open(target: Target, known: Sequence[Known]) -> int:
    """Count the known answers and comments that lie anywhere in the database's files in the clear."""
    if target.sqlite:
        files = [target.file.content]
    else:
        names = target.rows(
            "SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'i', 't') AND oid > 16383"
        )
        files = [target.relation(row["name"]) or b"" for row in names]
    secrets = [secret for one in known for secret in (one.answers, one.comment.encode()[:64]) if secret]
    return sum(any(secret in file for file in files) for secret in secrets)
