"""What the clients have written down, read while they write, and what it says about each code."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Told:
    """All that is known of a code from outside."""

    pages: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """By receipt: what was said on it, and the comment."""
    thanked: Counter[str] = field(default_factory=Counter)
    """By receipt: how often."""
    sent: Counter[str] = field(default_factory=Counter)
    """By receipt: how often."""
    turned_away: set[str] = field(default_factory=set)
    """Receipts of pages that were told that the code had been used; an empty one where no page was opened for it."""


class Ledger:
    """The clients' ledger."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self.path, self._at = path, 0
        self.codes: defaultdict[str, Told] = defaultdict(Told)
        self.seen: Counter[str] = Counter()
        """How often each thing was seen."""

    def read(self) -> Counter[str]:
        """Read on; return how often each thing was seen until now."""
        with self.path.open("rb") as file:
            file.seek(self._at)
            whole = file.read().rpartition(b"\n")[0]
        self._at += len(whole) + 1 if whole else 0
        for line in whole.splitlines():
            self._take(json.loads(line))
        return self.seen

    def receipts(self) -> set[str]:
        """Return the receipts that were shown with thanks until now."""
        self.read()
        return {receipt for told in self.codes.values() for receipt in told.thanked}

    def sent_again(self) -> int:
        """Return how many pages were sent more than once."""
        return sum(times > 1 for told in self.codes.values() for times in told.sent.values())

    def _take(self, facts: Mapping[str, Any]) -> None:
        told, receipt, what = self.codes[facts["code"]], facts["receipt"], facts["what"]
        self.seen[what] += 1
        match what:
            case "page":
                told.pages[receipt] = facts
            case "thanked" | "sent":
                counts: Counter[str] = getattr(told, what)
                counts[receipt] += 1
            case "used" | "slowed":
                told.turned_away.add(receipt)
