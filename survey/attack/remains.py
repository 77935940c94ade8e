"""What a close, an unsealing or a deletion should have destroyed: codes, keys that recognise them, freed space."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from survey.attack import heap_pages
from survey.attack.finding import Finding, Occasion, either
from survey.attack.orders import place
from survey.attack.target import ANSWERS, Target
from survey.i18n import Sentence

OVER: Final = "wave_id NOT IN (SELECT id FROM wave WHERE state = 'open')"
LOST: Final = (
    (Sentence("codes"), f"SELECT count(*) AS n FROM token WHERE {OVER}"),  # noqa: S608 - our own words
    (Sentence("spare codes"), f"SELECT count(*) AS n FROM spare WHERE {OVER}"),  # noqa: S608 - the same
    (Sentence("answers as they arrived"), f"SELECT count(*) AS n FROM intake WHERE {OVER}"),  # noqa: S608 - the same
    (
        Sentence("the key that recognises codes"),
        "SELECT count(*) AS n FROM wave WHERE pepper IS NOT NULL AND state NOT IN ('draft', 'open')",
    ),
    (
        Sentence("the key of a sealed wave"),
        "SELECT count(*) AS n FROM wave WHERE seal_key IS NOT NULL AND state = 'published'",
    ),
    (
        Sentence("wrapped keys of a sealed wave"),
        "SELECT count(*) AS n FROM wave_key WHERE wave_id IN (SELECT id FROM wave WHERE seal_key IS NULL)",
    ),
    (
        Sentence("sealed boxes"),
        "SELECT count(*) AS n FROM sealed_response WHERE wave_id IN (SELECT id FROM wave WHERE seal_key IS NULL)",
    ),
)
EMPTIED: Final = ("intake", "token", "spare")
"""Tables that a close empties."""
COLUMNS: Final = """
    SELECT attname::text AS name, attlen AS length, attalign::text AS alignment
    FROM pg_attribute WHERE attrelid = 'wave'::regclass AND attnum > 0 ORDER BY attnum
"""
HASH: Final = re.compile(rb"\x43(?=(.{32}))", re.DOTALL)
"""32 bytes behind the byte that says so."""
NEAR: Final = 160
"""Bytes of a row behind its receipt, in which its answers stand."""
WAL: Final = "SELECT name FROM pg_ls_waldir() ORDER BY modification DESC LIMIT 32"


def attack(target: Target, occasion: Occasion) -> Iterator[Finding]:
    """Look for what should be gone: in rows, in freed space, in the write-ahead log."""
    for what, query in LOST:
        yield either(
            int(target.rows(query)[0]["n"]),
            Sentence("Left over from a wave that is not open: %(what)s, %(count)s rows.", {"what": what}),
            Sentence("Not left over from any wave that is over: %(what)s.", {"what": what}),
        )
    open_wave = bool(target.rows("SELECT 1 AS n FROM wave WHERE state = 'open'"))
    yield from _sqlite(target, open_wave=open_wave) if target.sqlite else _postgresql(target, open_wave=open_wave)
    yield from _known(target, occasion)


def _sqlite(target: Target, *, open_wave: bool) -> Iterator[Finding]:
    left = list(target.file.remains())
    if open_wave and left:
        yield Finding(
            "possible",
            Sentence(
                "The file has %(count)s places with remains of deleted rows; the close writes the file anew.",
                {"count": len(left)},
            ),
        )
        return
    yield either(
        len(left),
        Sentence("The file has %(count)s places with remains of deleted rows: on free pages or between rows."),
        Sentence("No free page and no space between rows holds anything of a deleted row."),
    )


def _postgresql(target: Target, *, open_wave: bool) -> Iterator[Finding]:
    if target.relation("wave") is None:
        yield Finding(
            "untried",
            Sentence("This database role may not read the server's files; run the attack as a superuser to try that."),
        )
        return
    emptied = () if open_wave else EMPTIED
    yield either(
        sum(dead(target, table) for table in (*emptied, "response", "comment", "receipt", "sealed_response")),
        Sentence("%(count)s deleted rows of answers or codes still lie in the server's files."),
        Sentence("No deleted row of answers or codes lies in the server's files any more."),
    )
    if not open_wave:
        yield either(
            len(dead_keys(target)),
            Sentence("%(count)s deleted rows of waves with a key in them still lie in the server's files."),
            Sentence("No deleted row of a wave with a key in it lies in the server's files any more."),
        )


def dead(target: Target, table: str) -> int:
    """Count the rows in a table's file beyond those that the table has, and the pages with something between rows."""
    live = int(target.rows(f'SELECT count(*) AS n FROM "{table}"')[0]["n"])  # noqa: S608 - our own names
    file = target.relation(table) or b""
    rows = sum(1 for _ in heap_pages.rows(file))
    return max(0, rows - live) + sum(1 for _, gap in heap_pages.holes(file) if gap.strip(b"\0"))


def dead_keys(target: Target) -> list[bytes]:
    """Return the peppers in rows of waves that are no more."""
    live = {place(str(row["ctid"])) for row in target.rows("SELECT ctid::text AS ctid FROM wave")}
    columns = [(str(row["name"]), int(row["length"]), str(row["alignment"])) for row in target.rows(COLUMNS)]
    gone = [row for row in heap_pages.rows(target.relation("wave") or b"") if (row.block, row.pointer) not in live]
    return [pepper for row in gone if (pepper := heap_pages.column(row, columns, "pepper"))]


def _known(target: Target, occasion: Occasion) -> Iterator[Finding]:
    """Search the space between rows for what the auditor knows, and the write-ahead log for anything that is kept."""
    secrets = {secret for one in occasion.known for secret in (one.answers, one.comment.encode()) if secret}
    if secrets:
        gaps = b"\0\0".join(_gaps(target))
        yield either(
            sum(secret in gaps for secret in secrets),
            Sentence("%(count)s of the known answers and comments lie in space that belongs to no row."),
            Sentence("None of the known answers and comments lies in space that belongs to no row."),
        )
    if not target.sqlite and target.relation("wave") is not None:
        yield _log(target)


def _gaps(target: Target) -> Iterable[bytes]:
    if target.sqlite:
        return (gap for _, gap in target.file.gaps())
    return (gap for table in ANSWERS for _, gap in heap_pages.holes(target.relation(table) or b""))


def _log(target: Target) -> Finding:
    """Say what the write-ahead log still tells: receipts with the answers that arrived with them."""
    found = len(logged(target))
    if not found:
        return Finding(
            "nothing",
            Sentence("No answer that is kept in the clear stands in the write-ahead log together with its receipt."),
        )
    return Finding(
        "possible",
        Sentence(
            "The server's write-ahead log still holds %(count)s answers beside their receipts, in the order in which "
            "they came, until it is overwritten. In a sealed wave it holds sealed boxes only.",
            {"count": found},
        ),
    )


def logged(target: Target) -> dict[bytes, bytes]:
    """Return receipt hash and answers of those that stand side by side in the write-ahead log."""
    receipts = {bytes(row["hash"]) for row in target.table("receipt")}
    receipts |= {bytes(row["receipt_hash"]) for row in target.table("intake")}
    answers = {bytes(row["answers"]) for table in ("response", "intake") for row in target.table(table)}
    pairs: dict[bytes, bytes] = {}
    for segment in target.rows(WAL):
        log = bytes(
            target.rows("SELECT pg_read_binary_file('pg_wal/' || :name) AS log", name=segment["name"])[0]["log"]
        )
        for match in HASH.finditer(log):
            if match[1] in receipts:
                beside = _beside(log[match.end() : match.end() + NEAR], answers)
                pairs |= {match[1]: beside} if beside else {}
    return pairs


def _beside(log: bytes, answers: set[bytes]) -> bytes | None:
    """Return the answers that stand in a piece of the log."""
    sizes = {len(one) for one in answers}
    places = ((at, size) for at in range(len(log)) for size in sizes)
    return next((one for at, size in places if (one := log[at : at + size]) in answers), None)
