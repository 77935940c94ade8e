"""What is wrong with which cell of somebody's file: all of it is told at once, and nothing is taken meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from survey.i18n import Refused, Sentence

PROBLEMS_KEPT: Final = 200


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell."""

    row: int
    """As a spreadsheet counts: the headings are row 1."""
    column: str
    """The heading as it stands in the file."""
    what: Sentence
    text: str = ""
    """What stands in the cell."""

    @property
    def sentence(self) -> Sentence:
        """Say where it is and what it is."""
        place: dict[str, object] = {"row": self.row, "column": self.column, "what": self.what}
        return Sentence("Row %(row)s, column %(column)s: %(what)s", place)


@dataclass(frozen=True)
class Listing(Sentence):
    """Sentences one below the other."""

    lines: tuple[Sentence, ...] = ()

    def to(self, language: str) -> str:
        """Say them all in `language`."""
        return "\n".join(line.to(language) for line in self.lines)


class CellErrors(Refused):
    """Nothing was taken; `every` has all errors in the file's order, `problems` the first, `count` their number."""

    WHOLE: ClassVar[Sentence]
    """Says what was not done, with places for count and lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.every = tuple(sorted(problems, key=lambda problem: problem.row))
        self.problems = self.every[:PROBLEMS_KEPT]
        self.count = len(problems)
        lines = Listing("", lines=tuple(problem.sentence for problem in self.problems))
        super().__init__(self.WHOLE, count=self.count, lines=lines)
