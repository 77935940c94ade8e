"""Writes docs/scoring.md from the docstrings of the scoring functions and the tables: python -m tests.spec.manual."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from survey.scoring.methods import letters, methods, numbers, sections
from tests.spec.section import Section, cases
from tests.spec.tables import SECTIONS

MANUAL = Path(__file__).parents[2] / "docs" / "scoring.md"

HEAD = """# Scoring

How every number is made. This page is written by `python -m tests.spec.manual` from the functions of `survey/scoring`
and from the tables in `tests/spec`, which run as tests: what stands here is what the product does. Do not edit it. The
same sections, with the same numbers, stand in plain words in Korean and English on the page `/methods/` of every
installation, to which every number shown is linked.
"""

NOTATION = """<a id="notation"></a>
## Notation and conventions

- *Answers* are whole numbers, 1 to 7 where nothing else is said. A *scale's score* is on the range of its answers; the
  index is in points from -100 to +100.
- `n` people, `k` items; `s` a sample standard deviation (divisor n - 1); `df` degrees of freedom; `t(p, df)`,
  `F(p; df1, df2)` quantiles; `-+` plus and minus; `m'` a transposed vector; `S^-1` an inverse.
- *Unit*: where people work. *Company*: all units. *The rest*: everybody but the unit's own people. *Wave*: one round of
  the survey.
- *Pooled*: within units, over the whole company. Below ten people every interval rests on pooled spread.
- Every interval is a 95 % interval, two-sided; every p is two-sided. Intervals are not adjusted for how many are looked
  at; the words "higher" and "lower" are ([many comparisons](#many-comparisons)).
- Sums are whole numbers and exact ([0004](decisions/0004-one-base.md),
  [0023](decisions/0023-sums-without-products.md)); a number is rounded once, when a wave is published, and the same
  string stands on every page, in every report and file.
- What cannot be had is a value with its reason (`NotEstimable`), never a number made up. *Refused* names what raises an
  error instead: a call that no answers can mend.
- People are taken as a sample of how people like these answer, even where everybody answered: the interval speaks of
  the unit, not of its members on that day.
- *Example* is a doctest: it runs where the function is defined, with what that module imports.
"""

PARTS = ("Source", "Assumes", "Limits")
"""What every section says beside its formula, each in a paragraph that begins with the word."""

FIELDS = re.compile(r"^(Args|Returns|Raises|Yields):$", re.MULTILINE)
FORMULA = re.compile(r" (=|<=|>=) |^[\d(]")


def render() -> str:
    """Return the whole manual as Markdown."""
    chapters = [
        "\n".join(
            [
                f'<a id="chapter-{chapter.id}"></a>\n## {letters()[chapter.id]}. {chapter.title["en"]}\n',
                *map(_section, found),
            ]
        )
        for chapter, found in _chapters()
    ]
    return "\n".join([HEAD, _contents(), NOTATION, *chapters, _references()])


def name_of(function: Callable[..., Any]) -> str:
    """Return a function's name as it is imported."""
    return f"{function.__module__}.{function.__qualname__}"


def id_of(section: Section) -> str:
    """Return the id of a section: that of the paragraph in survey/scoring/methods.toml about the same function."""
    return {found.function: found.id for found in sections().values()}[name_of(section.of)]


def paragraphs(function: Callable[..., Any]) -> list[str]:
    """Return the prose of a docstring: all before arguments and example."""
    prose = FIELDS.split(example_apart(function)[0], maxsplit=1)[0]
    return [" ".join(part.split()) for part in prose.strip().split("\n\n")]


def part(function: Callable[..., Any], name: str) -> str:
    """Return the paragraph that begins with a word such as "Source:", or ""."""
    begin = f"{name}: "
    return next((found.removeprefix(begin) for found in paragraphs(function) if found.startswith(begin)), "")


def example_apart(function: Callable[..., Any]) -> tuple[str, str]:
    """Return a docstring without its example, and the example."""
    prose, begin, example = (inspect.getdoc(function) or "").partition(">>> ")
    return prose, (begin + example).strip()


def _chapters() -> list[tuple[Any, list[Section]]]:
    by_name = {name_of(section.of): section for section in SECTIONS}
    return [
        (chapter, [by_name[found.function] for found in chapter.sections if found.function in by_name])
        for chapter in methods().chapters
    ]


def _contents() -> str:
    lines = ["- [Notation and conventions](#notation)"]
    for chapter, found in _chapters():
        lines.append(f"- [{letters()[chapter.id]}. {chapter.title['en']}](#chapter-{chapter.id})")
        lines += [f"  - [§ {numbers()[id_of(section)]} {section.title}](#{id_of(section)})" for section in found]
    return "\n".join(["## Contents\n", *lines, "- [References](#references)", ""])


def _section(section: Section) -> str:
    anchor, function = id_of(section), section.of
    path = Path(inspect.getfile(function)).relative_to(MANUAL.parents[1])
    parts = [
        f'<a id="{anchor}"></a>\n### § {numbers()[anchor]} {section.title}\n',
        "\n\n".join(map(_paragraph, paragraphs(function))) + "\n",
        *(f"*{label}:* {found}\n" for label, found in _outcome(function)),
        f"*Example:*\n\n```python\n{example_apart(function)[1]}\n```\n",
        f"[`{name_of(function)}`](../{path.as_posix()})\n",
    ]
    if section.table:
        parts.append(_table(section.table))
    return "\n".join(parts)


def _paragraph(text: str) -> str:
    for name in PARTS:
        if text.startswith(f"{name}: "):
            return f"*{name}:* {_escaped(text.removeprefix(f'{name}: '))}"
    if text.startswith("Return "):
        text = text.removeprefix("Return ")
        text = text[0].upper() + text[1:]
    return f"> {_escaped(text)}" if FORMULA.search(text) else _escaped(text)


def _escaped(text: str) -> str:
    """Keep what Markdown would read as emphasis: times signs, and underlines outside code."""
    return re.sub(r"(?<!`)([*<])(?!`)", r"\\\1", text)


def _outcome(function: Callable[..., Any]) -> list[tuple[str, str]]:
    """Return what a docstring says that the function returns, and what it refuses."""
    text = example_apart(function)[0]
    found = {}
    for name, label in (("Returns", "Result"), ("Raises", "Refused")):
        said = re.search(rf"^{name}:\n(.+?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
        if said:
            found[label] = _escaped(" ".join(said[1].split()).replace("ValueError: ", ""))
    return list(found.items())


def _table(table: str) -> str:
    rows = cases(table)
    given = list(dict.fromkeys(key for case in rows for key in case.given))
    expected = list(dict.fromkeys(key for case in rows for key in case.expect))
    lines = [
        f"| case | {' | '.join(given)} | {' | '.join(f'**{name}**' for name in expected)} |",
        f"| --- |{' --- |' * (len(given) + len(expected))}",
    ]
    for case in rows:
        cells = [_cell(case.given.get(key, "")) for key in given] + [
            _cell(case.expect.get(key, "")) for key in expected
        ]
        lines.append(f"| {case.name} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _cell(value: Any) -> str:  # noqa: ANN401 - whatever TOML holds
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        nested = any(isinstance(part, list) for part in value)
        return ("; " if nested else ", ").join(" ".join(map(_cell, part)) if nested else _cell(part) for part in value)
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _references() -> str:
    works = sorted(methods().references, key=lambda work: work.id)
    lines = [f"- {work.authors} ({work.year}). {_ended(_escaped(work.title))} *{work.where}*." for work in works]
    return "\n".join(['<a id="references"></a>\n## References\n', *lines, ""])


def _ended(title: str) -> str:
    return title if title.endswith("?") else f"{title}."


if __name__ == "__main__":
    MANUAL.write_text(render(), "utf-8")
