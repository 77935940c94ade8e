"""What the company's evidence tells: each part is read by one function here, and one that is not stops the attack.

Most of it are coefficients of everybody's answers, from no weighted sum; they may keep no more than the printed digits.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tests.privacy.attack.examiner import FLAGGED
from tests.privacy.attack.published import Published, Statement, UnknownNumber, told

Part = Any
Reader = Callable[[Part, Published], None]


def read_evidence(evidence: Mapping[str, Part], found: Published) -> None:
    """Read every part that is there; raise UnknownNumber for one that nobody has thought about."""
    for name, part in evidence.items():
        if part is None or part == []:
            continue
        if name not in PARTS:
            raise UnknownNumber(f"evidence: {name}")
        PARTS[name](part, found)


def coefficients(part: Part, found: Published) -> None:
    """Take figures that follow from no sum; a value with more digits than are printed is a contradiction."""
    for figure in figures(part):
        low, high = told(figure["text"])
        if round(float((low + high) / 2), 6) != figure["value"]:
            found.contradictions.append(f"{figure['text']} is kept as {figure['value']}")


def figures(part: Part) -> Iterator[Mapping[str, Any]]:
    """Return every figure in a part of the record."""
    if isinstance(part, dict) and part.get("type") == "Figure":
        yield part
    elif isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from figures(each)


def pairs(part: Part, found: Published) -> None:  # noqa: ARG001 - the shape of every reader
    """Take the verdict of all pairs: it follows from published means, spreads and numbers of people alone."""
    for family in part:
        if unknown := family.keys() - {"kind", "pairs", "critical", "df"}:
            raise UnknownNumber(", ".join(sorted(unknown)))


def carefulness(part: Part, found: Published) -> None:
    """Take the flags' counts, none of which may be of a few, and whose total results without flagged answers give."""
    if part["type"] == "NotEstimable":
        return
    for name, count in (*part["flagged"].items(), ("either", part["either"]), ("unusual", part["unusual"])):
        few = name == "straight" or isinstance(count, dict) or count == 0 or count >= found.k
        if name == "either" and not isinstance(count, dict):
            few = count == part["flagged"]["straight"] or count >= found.k
        if not few:
            found.contradictions.append(f"{count} answers flagged: {name}")
    if isinstance(part["sensitivity"], dict):
        return
    for result in part["sensitivity"]:
        index = result["what"] == "index"
        coefficients(result["without"] if index else result, found)
        if index and result["without"]["type"] == "Figure":
            found.statements.append(Statement(found.wave, "index", (FLAGGED,), (), None, 0))


PARTS: Final[Mapping[str, Reader]] = {
    "scales": coefficients,
    "carefulness": carefulness,
    "groups": coefficients,
    "pairs": pairs,
    "axes": coefficients,
    "link": coefficients,
    "drivers": coefficients,
}
