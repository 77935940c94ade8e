"""A long list, a page at a time."""

from dataclasses import dataclass
from typing import Final, Self

ON_A_PAGE: Final = 500


@dataclass(frozen=True)
class Pages:
    """Which page of a list is shown, and how many there are."""

    page: int
    lines: int
    size: int = ON_A_PAGE

    @classmethod
    def asked(cls, text: str, lines: int, size: int = ON_A_PAGE) -> Self:
        """Return the page that was asked for, or the nearest there is.

        >>> Pages.asked("3", 1200).page, Pages.asked("9", 1200).page, Pages.asked("-1", 0).page
        (3, 3, 1)
        """
        asked = int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000") else 1
        return cls(max(1, min(asked, -(-lines // size))), lines, size)

    @property
    def first(self) -> int:
        """The place of its first line, from 0."""
        return (self.page - 1) * self.size

    @property
    def last(self) -> int:
        """The place after its last line."""
        return min(self.first + self.size, self.lines)

    @property
    def more(self) -> bool:
        """Whether there is a page after this one."""
        return self.last < self.lines
