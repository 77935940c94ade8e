"""What lies in the database's files in the clear."""

from collections.abc import Sequence

from survey.attack.known import Known
from survey.attack.target import Target


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
