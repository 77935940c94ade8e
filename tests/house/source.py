"""What the house tests look at: the product's Python files and their syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("survey", "reports", "tests", "benchmarks")


def python_files(*packages: str) -> Iterator[Path]:
    """Yield the Python files of `packages` (all, where none is named), migrations' revisions left out."""
    for package in packages or PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "versions" not in path.parts:
                yield path


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def place(path: Path, line: int) -> str:
    """Name a line as an editor would."""
    return f"{path.relative_to(ROOT)}:{line}"
