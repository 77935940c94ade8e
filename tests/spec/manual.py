"""Writes docs/scoring.md from the docstrings of the scoring functions and the tables: python -m tests.spec.manual."""

import inspect
import re
from pathlib import Path
from typing import Any

from tests.spec.section import Section, cases
from tests.spec.tables import SECTIONS

MANUAL = Path(__file__).parents[2] / "docs" / "scoring.md"

HEAD = """# Scoring

How every number is made. This page is written by `python -m tests.spec.manual` from the functions of `survey/scoring`
and from the tables in `tests/spec`, which run as tests: what stands here is what the product does. Do not edit it.

Why some things are as they are: [decision 0004](decisions/0004-one-base.md). Every interval is a 95 % interval.
"""

END_OF_PROSE = re.compile(r"^(Args:|Returns:|Raises:|>>> )", re.MULTILINE)


def render() -> str:
    """Return the whole manual as Markdown."""
    return "\n".join([HEAD, *(_section(section) for section in SECTIONS)])


def _section(section: Section) -> str:
    name = f"{section.of.__module__}.{section.of.__name__}"
    parts = [f"## {section.title}\n", f"{_prose(section)}\n", f"`{name}`\n"]
    if section.table:
        parts.append(_table(section.table))
    return "\n".join(parts)


def _prose(section: Section) -> str:
    """Return the docstring up to the arguments, what it returns, and its errors."""
    text = inspect.getdoc(section.of) or ""
    prose = END_OF_PROSE.split(text, maxsplit=1)[0].strip().replace("`", "`")
    returns = re.search(r"^Returns:\n(.+?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    lines = [prose.replace("Source: ", "*Source:* "), *([_flat(f"*Result:* {returns[1]}")] if returns else [])]
    raises = re.search(r"^Raises:\n(.+?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    return "\n\n".join([*lines, *([_flat(f"*Refused:* {raises[1]}").replace("ValueError: ", "")] if raises else [])])


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


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


if __name__ == "__main__":
    MANUAL.write_text(render(), "utf-8")
