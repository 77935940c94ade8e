"""Trees as pictures: two spaces of indent a level, a name, and the people who answered directly there.

Company
  Sales
    North 9
    South 2
"""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent

from survey.privacy.tree import Tree, TreeUnit


@dataclass(frozen=True)
class Drawing:
    """A drawn company."""

    tree: Tree
    counts: Mapping[str, int]


def draw(picture: str) -> Drawing:
    """Read a picture: `name [people] [what becomes of it]` on each line."""
    units: list[TreeUnit] = []
    counts: dict[str, int] = {}
    above: list[str] = []
    for line in dedent(picture).strip("\n").splitlines():
        name, *rest = line.split()
        depth = (len(line) - len(line.lstrip())) // 2
        above[depth:] = [name]
        units.append(TreeUnit(name, above[depth - 1] if depth else None, leads=name.endswith("+")))
        if rest and rest[0].isdigit():
            counts[name] = int(rest[0])
    return Drawing(Tree(units), counts)


def picture(drawing: Drawing, hidden: Mapping[str, str | None]) -> str:
    """Draw the tree with what became of each unit."""
    lines = []
    for code in drawing.tree.codes:
        people = f" {drawing.counts[code]}" if code in drawing.counts else ""
        lines.append(f"{'  ' * drawing.tree.depth(code)}{code}{people} {hidden[code] or 'shown'}")
    return "\n".join(lines)
