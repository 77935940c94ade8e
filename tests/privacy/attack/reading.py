"""What anybody can read out of a publication: statements about sums over groups of people, from its bytes alone.

Every printed string is taken for what it says (a number give or take half a digit) and every value kept beside it; what
is derived from the sums (index, gap, rest, change, ...) must say the same as the sums, or the two together tell of
the answers that were moved in between. A number that this reader does not know stops it: a new kind of number must be
thought through here before it is published.
"""

import json
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from tests.privacy.attack.evidence import read_evidence
from tests.privacy.attack.following import Following
from tests.privacy.attack.published import Published, Statement, UnknownNumber
from tests.privacy.attack.register import read_marks, read_outcomes, read_over, read_own_practices, read_tree
from tests.privacy.attack.units import drawn_again, drawn_alike, read_agreement, read_missing

SILENT: Final = frozenset(
    {
        *("format", "depth", "invited", "leads", "language_note", "demo", "k", "detail_k", "digits"),
        *("denominator", "low", "high", "p_adjusted", "label_probability", "detectable", "g"),
        *("received", "counted", "set_aside", "units", "angle", "radius_major", "radius_minor"),
    }
)
"""Numbers that are about the roster, the way of asking, or how sure a figure is; `Reader` reads what is not here."""

PLAIN: Final = frozenset({"names", "adopted", "joined", "marks", "over"})
"""What a unit holds besides its numbers."""

CHANGE: Final = frozenset({"since", "difference", "verdict", "p_adjusted", "g", "detectable", "expected"})

OF_THE_COMPANY: Final = frozenset({"reliability", "link"})
"""Coefficients of the whole company in two digits; from no weighted sum."""


def read(data: bytes) -> Published:
    """Read a publication's canonical JSON."""
    return _Reader(json.loads(data)).read()


class _Reader(Following):
    def read(self) -> Published:
        for code, unit in self.units.items():
            read_marks(unit.get("marks", []))
            read_over(unit.get("over", {}))
            for name, value in unit.items():
                if isinstance(value, dict) and hasattr(self, f"_read_{name}"):
                    getattr(self, f"_read_{name}")(code, value)
                elif (isinstance(value, dict | list) and name not in PLAIN) or (
                    isinstance(value, int | float) and name not in SILENT
                ):
                    raise UnknownNumber(name)
        self._company()
        return self.found

    # ---- one unit ------------------------------------------------------------------------------------------------

    def _read_sums(self, code: str, sums: dict[str, Any]) -> None:
        for scale, total in self.sums[code].items():
            self._say(code, f"sum:{scale}", total, sums["n"], self._flag(code, scale))
        for name, value in sums.items():
            if name == "products":
                self.found.products.append((code, sums["n"], value))
            elif name not in {"n", "totals"}:
                raise UnknownNumber(name)

    def _flag(self, code: str, scale: str) -> str:
        figures = self.units[code]["figures"]
        return str(figures["scales"][scale]["bound"]) if figures else ""

    def _read_origin(self, code: str, origin: dict[str, Any]) -> None:
        """Read shares of the roster: of no answers, and only where the unit is shown."""
        if unknown := origin.keys() - {"stayed", "unit", "share"}:
            raise UnknownNumber(", ".join(sorted(unknown)))
        self._agrees(f"origin of {code}", code in self.sums, True)

    def _read_figures(self, code: str, figures: dict[str, Any]) -> None:
        n = figures["n"]
        for name, value in figures.items():
            if value is None or name in {"weakest", "weakest_facet", "practices_n", "n"}:
                continue
            if name == "scales":
                for scale, figure in value.items():
                    self._mean(code, scale, figure, n)
            elif name == "practices":
                for item, figure in value.items():
                    own = figures["practices_n"][item]
                    self._say(code, f"practice:{item}", self._pinned(figure, own, 1), own, figure["bound"])
            elif name in {"index", "twin", "contribution", "balance", "position"}:
                self._derived(code, name, value)
            elif name == "shrunken":
                self._drawn(code, value)
            elif name == "missing":
                read_missing(value, n, self._exactly(code, figures), self._same)
            else:
                raise UnknownNumber(name)
        self._agrees(f"n of {code}", n, n if code not in self.sums else self.units[code]["sums"]["n"])

    def _exactly(self, code: str, figures: dict[str, Any]) -> Fraction:
        """Return a unit's index as its sums give it, or as it is kept where there are none."""
        if code not in self.sums:
            return Fraction(str(figures["index"]["value"]))
        return self._index({scale: total / figures["n"] for scale, total in self.sums[code].items()})

    def _drawn(self, code: str, figure: dict[str, Any]) -> None:
        """Read an index drawn towards the others: it follows from the published means and the published spread."""
        self._agrees(f"whether {code} is drawn", figure["type"] == "Figure", code in self._again)
        if figure["type"] == "Figure":
            self._agrees(f"where {code} is drawn", drawn_alike(figure, self._again[code], (-100, 100)), True)

    @cached_property
    def _again(self) -> dict[str, tuple[float, float, float]]:
        return drawn_again(self.units, self.record["within_variance"].get(self.index), self._pool())

    def _mean(self, code: str, scale: str, figure: dict[str, Any], n: int) -> None:
        """Read a mean times n, and a spread out of an interval that is not the company's."""
        if code in self.sums:
            self._same(f"mean of {scale} of {code}", figure, self.sums[code][scale] / n)
        else:
            total = self._pinned(figure, n, self.columns[scale]["denominator"])
            self._say(code, f"sum:{scale}", total, n, figure["bound"])
        self._spread(code, scale, figure, n)

    def _read_rest(self, code: str, rest: dict[str, Any]) -> None:
        n, nearest = rest["n"], tuple(self._nearest(code))
        alone = code not in self.sums or self._left(code) != n
        for scale, figure in rest["scales"].items():
            if alone:
                total = Fraction(str(figure["value"])) * n
                where = Statement(self.found.wave, f"sum:{scale}", tuple(rest["units"]), (), total, n, alone=True)
            else:
                total = self.sums[code][scale] - sum((self.sums[other][scale] for other in nearest), Fraction(0))
                self._same(f"rest of {scale} of {code}", figure, total / n)
                where = Statement(self.found.wave, f"sum:{scale}", (code,), nearest, total, n, figure["bound"])
            self.found.statements.append(where)
            self._agrees(f"interval of {scale} of the rest of {code}", figure["low"] is None, figure["high"] is None)
        if not alone:
            means = {
                s.quantity[4:]: s.total / n
                for s in self.found.statements[-len(rest["scales"]) :]
                if s.total is not None
            }
            self._same(f"index of the rest of {code}", rest["index"], self._index(means))

    # ---- details ---------------------------------------------------------------------------------------------------

    def _read_detail(self, code: str, detail: dict[str, Any]) -> None:
        n = self.units[code]["figures"]["n"]
        self._say(code, "detail", None, n)
        for name, value in detail.items():
            if value is None or value == {}:
                continue
            if name == "spreads":
                for motive, spread in value.items():
                    self._distribution(code, motive, spread, n)
            elif name in {"change", "origin_change", "motive_changes"}:
                for change in value.values() if name == "motive_changes" else [value]:
                    self._change(code, change, n)
            elif name == "agreement":
                self.found.contradictions += [f"{what} ({code})" for what in read_agreement(value, detail["spreads"])]
            elif name in {"shrunken", "quadrants"}:
                self._place(code, detail)
            elif name not in {"index_sd", "label", "label_probability", "change_hidden"}:
                raise UnknownNumber(name)

    def _place(self, code: str, detail: dict[str, Any]) -> None:
        """Read a true place: it follows from published means and the company's own spread."""
        self._agrees(f"whether the true place of {code} follows from sums", code in self.sums, True)
        self._agrees(f"probabilities of the quarters of {code}", round(sum(detail["quadrants"].values()), 4), 1)

    def _change(self, code: str, change: dict[str, Any], n: int) -> None:
        """Read a change; what may be expected of it follows from two numbers of the wave before."""
        if unknown := change.keys() - CHANGE:
            raise UnknownNumber(", ".join(sorted(unknown)))
        self._say(code, "change", None, n)

    def _distribution(self, code: str, motive: str, spread: dict[str, Any], n: int) -> None:
        low = self.columns[motive]["low"]
        self._agrees(f"people in the distribution of {motive} of {code}", sum(spread["counts"]), n)
        for place, count in enumerate(spread["counts"]):
            self._say(code, f"count:{motive}:{low + place}", Fraction(count), n)
        if motive not in self.found.single:
            return
        values = [low + place for place, count in enumerate(spread["counts"]) for _ in range(count)]
        self._agrees(f"sum of the distribution of {motive} of {code}", sum(values), self.sums[code][motive])
        squares = sum(value * value for value in values)
        variance = (squares - Fraction(sum(values) ** 2, n)) / (n - 1)
        self._agrees(f"spread of {motive} of {code}", abs(float(variance) ** 0.5 - spread["sd"]["value"]) < 1e-5, True)

    # ---- the company ---------------------------------------------------------------------------------------------

    def _others(self, left: int) -> None:
        """The index of straight answers is 0, so that the company's total is that of the others."""
        if left < self.found.k:
            self.found.contradictions.append(f"the index of everybody is that of {left}")

    def _company(self) -> None:
        known = {
            *("format", "company", "unit_word", "wave", "policy", "instrument", "columns", "units", "within_variance"),
            *("quality", "previous", "previous_wave", "evidence", "outcomes", "own_practices", "tree", *OF_THE_COMPANY),
        }
        if unknown := self.record.keys() - known:
            raise UnknownNumber(", ".join(sorted(unknown)))
        read_tree(self.record.get("tree", []), self.units)
        read_own_practices(self.record.get("own_practices", []))
        read_evidence(self.record.get("evidence") or {}, self.found)
        read_outcomes(self.record.get("outcomes", []), self.units.keys())
        quality = self.record["quality"]
        without = quality["index_without_straight"]
        if isinstance(quality["straight"], int) and self.root in self.sums:
            self._others(self.units[self.root]["sums"]["n"] - quality["straight"])
        if without["type"] == "Figure" and self.root in self.sums:
            n = self.units[self.root]["sums"]["n"]
            means = {scale: total / n for scale, total in self.sums[self.root].items()}
            left = n - quality["straight"]
            self._same("index without straight answers", without, self._index(means) * n / left)
        for code in self.sums:
            facets = [scale for scale in self.columns if scale in self.facets]
            off = self.sums[code]["adaptive"] - sum((self.sums[code][s] for s in facets), Fraction(0)) / len(facets)
            self._agrees(f"adaptive performance and its facets of {code}", off, 0)
