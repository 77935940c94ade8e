"""What of a report cannot be made again from it, and why: by name, for whoever checks it.

Every other number is made again (`reports.verify.again`); tests/reports/test_verify.py changes each number once and
looks which of the two tells (docs/decisions/0084-what-cannot-be-made-again.md).
"""

import re
from collections.abc import Collection, Iterator
from typing import Any, Final

import msgspec

from reports.excerpt import Excerpt
from survey.i18n import Sentence
from survey.privacy.record import UnitRecord

SINGLE: Final = Sentence(
    "The correlations of motivation and behaviour and the reliability of scales cannot be made again from what is "
    "published, because they rest on products of single people's answers. Those are never published."
)
PLACES: Final = Sentence(
    "The unit's region on the map, its true place there and the probabilities of the quarters cannot be made again "
    "from what is published, because they rest on how both kinds of performance go together in single people's "
    "answers. That is never published."
)
REGION: Final = Sentence(
    "The region on the map cannot be made again from what is published, because it rests on how both kinds of "
    "performance go together in single people's answers. That is never published."
)
FAMILY: Final = Sentence(
    "Adjusted p values cannot be made again from this report, because they rest on the changes of all units at once, "
    "and a report holds no other unit's. With --here they are made again."
)
SPREAD: Final = Sentence(
    "The intervals of the gap to the rest of the company, of the balance and of the units above cannot be made again "
    "from this report, because they rest on how everybody else's answers are spread, and a report holds no other "
    "unit's."
)
SEVERAL: Final = Sentence(
    "The spread of the index, the interval of the difference without weights, and intervals and agreement of scales "
    "with several questions cannot be made again from what is published, because they rest on squares and products of "
    "answers to single questions. Those are never published."
)
DRAWN: Final = Sentence(
    "The index drawn towards other units cannot be made again from this report, because it rests on the indexes of "
    "all units, and a report holds no other unit's."
)
SEEN: Final = Sentence(
    "How often practices and extra questions were seen cannot be made again from what is published, because other "
    "people answered each of them, and sums of so many groups would tell who they are."
)
TOGETHER: Final = Sentence(
    "The numbers of groups that are not shown, taken together, and of units above without their motives cannot be made "
    "again from this report, because it does not hold their sums."
)
BEFORE: Final = Sentence(
    "The indexes of earlier waves cannot be made again from this report, because their sums are in the reports of "
    "those waves."
)
UNTOLD: Final = Sentence(
    "The change since the wave before cannot be made again from this report in full, because the spread of answers "
    "then or now is not told in it."
)
ALIKE: Final = Sentence(
    "The interval of numbers whose answers are too alike to tell how they are spread cannot be made again from what is "
    "published, because that spread would tell single answers."
)

_MADE_OR: Final = tuple(
    (re.compile(path), name, why)
    for path, name, why in (
        (r"(link|evidence|reliability)\..*", "", SINGLE),
        (r"unit\.figures\.(contribution\.gap|balance)\.interval", "", SPREAD),
        (r"unit\.figures\.index\.interval", "interval: index", ALIKE),
        (r"unit\.(figures\.twin\.interval|detail\.index_sd)", "", SEVERAL),
        (r"unit\.figures\.scales\.(\w+)\.interval", "interval: {0}", SEVERAL),
        (r"unit\.figures\.practices\..*", "", SEEN),
        (r"unit\.figures\.shrunken.*", "", DRAWN),
        (r"unit\.detail\.agreement\.(\w+)\.rwg\.(\w+)", "agreement ({1}): {0}", SEVERAL),
        (r"unit\.detail\.change\.expected", "change to expect", UNTOLD),
        (r"unit\.detail\.change\..*", "change: index", UNTOLD),
        (r"unit\.detail\.motive_changes\.(\w+)\..*", "change: {0}", UNTOLD),
        (r"above\.(.+)\.figures\.index", "{0}: index", TOGETHER),
        (r"above\.(.+)\.figures\.(index|scales\.\w+)\.interval", "", SPREAD),
        (r"above\.(.+)\.figures\.practices\..*", "", SEEN),
        (r"above\.(.+)\.rest\..*", "", TOGETHER),
        (r"earlier\..*", "", BEFORE),
    )
)
"""By the path of a number: what it is called where it is made again, "" where it never is, and why it is not."""


def resting(source: Excerpt, made: Collection[str]) -> tuple[Sentence, ...]:
    """Return what of a report was not made again, each with its reason; `made` are the names of what was."""
    unit = next(each for each in source.record.units if each.code == source.unit)
    found: list[Sentence] = []
    for why in (*(why_not(path, made) for path in numbers(source)), *_beside(unit)):
        if why is not None and why not in found:
            found.append(why)
    return tuple(found)


def why_not(path: str, made: Collection[str]) -> Sentence | None:
    """Return why the number at a path is not made again; None where it is."""
    for pattern, name, why in _MADE_OR:
        matched = pattern.fullmatch(path)
        if matched is not None:
            return None if name and name.format(*matched.groups()) in made else why
    return None


def _beside(unit: UnitRecord) -> Iterator[Sentence]:
    """Yield why numbers that are no figures are not made again: places, probabilities and p values."""
    if unit.figures is not None and unit.figures.position is not None:
        yield REGION if unit.parent is None else PLACES
    if unit.detail is not None and unit.detail.change is not None:
        yield FAMILY


def numbers(source: Excerpt) -> Iterator[str]:
    """Yield the path of every number that was rounded for print, and of its interval where it has one."""
    record = msgspec.to_builtins(source.record)
    for each in record["units"]:
        yield from _below(each, "unit" if each["code"] == source.unit else f"above.{each['code']}")
    for part in ("link", "evidence", "reliability", "quality"):
        yield from _below(record[part], part)
    yield from _below(msgspec.to_builtins(source.earlier), "earlier")


def _below(value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - plain JSON
    if isinstance(value, dict) and value.get("type") == "Figure":
        if value["text"]:
            yield path
            yield from () if value["low"] is None else (f"{path}.interval",)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _below(part, f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for place, part in enumerate(value):
            yield from _below(part, f"{path}.{place}")
