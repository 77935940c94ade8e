"""What the holder of the issue key and the database's disk can do while a wave is open, and for how long.

This is no leak but the limit of the promise, and the promise page says so. It is tried out here, so that the sentence
is true: codes are made again from the key, spent ones are recognised, and answers are paired with them.
"""

from collections.abc import Iterator
from typing import Final

from survey.attack import heap_pages
from survey.attack.finding import Finding, Occasion, either
from survey.attack.target import Target
from survey.i18n import Sentence
from survey.services.invitations import issue_key
from survey.services.invitations.codes import code_for, code_hash

OPEN: Final = "SELECT id, code, pepper, sealed, seal_key FROM wave WHERE state = 'open'"
ROSTER: Final = """
    SELECT p.id, p.number FROM person p JOIN roster_entry r ON r.person_id = p.id WHERE r.wave_id = :wave ORDER BY p.id
"""
HASH_BYTES: Final = 32
FROM_FILES: Final = Sentence(
    "The issue key of wave %(wave)s is still here, %(hours)s hours at most after the opening. Until it is destroyed, "
    "whoever holds it and the disk can list who answered (now %(spent)s people) and, from deleted codes in the "
    "server's files, pair %(count)s of them with what they sent."
)
FROM_COPIES: Final = Sentence(
    "The issue key of wave %(wave)s is still here, %(hours)s hours at most after the opening. Until it is destroyed, "
    "whoever holds it and the disk can list who answered (now %(spent)s people), and with a copy from before and one "
    "from after an answer pair it with its person."
)


def attack(target: Target, _occasion: Occasion) -> Iterator[Finding]:
    """Say what can be read and paired in the wave that is open."""
    wave = next(iter(target.rows(OPEN)), None)
    if wave is None:
        yield Finding("nothing", Sentence("No wave is open: there is nothing to watch."))
        return
    if wave["sealed"]:
        yield either(
            len(readable(target)),
            Sentence(
                "%(count)s answers of the sealed wave that is open can be read, or told from others by their size."
            ),
            Sentence("No answer of the sealed wave that is open can be read: all boxes are of one size, none is open."),
        )
    yield from _with_key(target, str(wave["code"])) if target.home is not None else ()
    if not wave["sealed"]:
        facts: dict[str, object] = {"wave": wave["code"], "count": len(target.table("intake"))}
        yield Finding(
            "possible",
            Sentence(
                "Until wave %(wave)s closes, whoever reads the database can read its %(count)s answers, and whoever "
                "also holds a person's receipt, or reads the letter with her code, can tell which answer is hers. "
                "A sealed wave does not have this limit.",
                facts,
            ),
        )


def _with_key(target: Target, wave: str) -> Iterator[Finding]:
    key = _key(target, wave)
    if key is None:
        yield Finding(
            "nothing", Sentence("The issue key of wave %(wave)s is gone: codes cannot be made again.", {"wave": wave})
        )
        return
    facts: dict[str, object] = {
        "wave": wave,
        "hours": int(issue_key.LIFE.total_seconds() // 3600),
        "spent": len(spent(target, key)),
        "count": len(paired(target, key)),
    }
    yield Finding("possible", (FROM_COPIES if target.sqlite else FROM_FILES).fill(**facts))


def readable(target: Target) -> list[bytes]:
    """Return the answers of a sealed wave that are no box like all others: of another size, doubled, with a comment."""
    rows = target.table("intake")
    sizes = [len(row["answers"]) for row in rows]
    boxes = {bytes(row["answers"]) for row in rows}
    telling = [row for row in rows if row["comment"] or len(row["answers"]) != max(sizes)]
    return [bytes(row["answers"]) for row in telling] if len(boxes) == len(rows) else sorted(boxes)


def spent(target: Target, key: bytes) -> dict[bytes, str]:
    """Return the numbers of the people whose code is no longer unspent, by the hash of the code."""
    unspent = {bytes(row["hash"]) for row in target.table("token")}
    return {digest: number for digest, number in codes(target, key).items() if digest not in unspent}


def codes(target: Target, key: bytes) -> dict[bytes, str]:
    """Return the number of each person by the hash of her code."""
    wave = target.rows(OPEN)[0]
    people = target.rows(ROSTER, wave=wave["id"])
    pepper = bytes(wave["pepper"])
    return {
        code_hash(pepper, code_for(key, str(wave["code"]), int(person["id"]))): str(person["number"])
        for person in people
    }


def paired(target: Target, key: bytes) -> dict[str, bytes]:
    """Return what people sent, by their number, from one look at PostgreSQL's files.

    The dead row of a spent code says which transaction deleted it; the same one wrote the answer.
    """
    if target.sqlite:
        return {}
    owners = codes(target, key)
    sent = {
        int(row["xmin"]): bytes(row["answers"]) for row in target.rows("SELECT xmin::text AS xmin, answers FROM intake")
    }
    found = {}
    for row in heap_pages.rows(target.relation("token") or b""):
        number = owners.get(row.content[1 : 1 + HASH_BYTES])  # after one byte that holds the length
        if number is not None and row.xmax in sent:
            found[number] = sent[row.xmax]
    return found


def between(before: Target, after: Target, key: bytes) -> tuple[set[str], set[bytes]]:
    """Return who answered between two copies, and what was sent meanwhile: one of each is a pair."""
    people = set(spent(after, key).values()) - set(spent(before, key).values())
    earlier = {bytes(row["receipt_hash"]) for row in before.table("intake")}
    sent = {bytes(row["answers"]) for row in after.table("intake") if bytes(row["receipt_hash"]) not in earlier}
    return people, sent


def _key(target: Target, wave: str) -> bytes | None:
    keys = target.keys
    return issue_key.read(keys, wave) if keys is not None and issue_key.exists(keys, wave) else None
