"""What follows from a record's sums, and must say the same as they do: index, gap, balance, rest."""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from scipy.special import stdtrit

from tests.privacy.attack.published import Published, Statement, told


class Following:
    """A record with its sums, and what can be worked out of them."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record
        self.units = {unit["code"]: unit for unit in record["units"]}
        self.root = record["units"][0]["code"]
        self.columns = {column["scale"]: column for column in record["columns"]}
        instrument = json.loads(record["instrument"])
        items: dict[str, list[dict[str, Any]]] = {}
        for item in instrument["items"]:
            items.setdefault(item["scale"], []).append(item)
        self.items = items
        (index,) = instrument["composites"]
        self.index: str = index["id"]
        self.weights = {scale: Fraction(weight) for scale, weight in index["weights"].items()}
        self.facets = {scale["id"] for scale in instrument["scales"] if scale["kind"] == "facet"}
        self.direction = {scale["id"]: scale.get("direction", "") for scale in instrument["scales"]}
        single = {scale: (of[0]["min"], of[0]["max"]) for scale, of in items.items() if len(of) == 1}
        policy = record["policy"]
        self.found = Published(record["wave"]["code"], policy["k"], policy["detail_k"], single)
        self.sums = {code: self._exact(unit["sums"]) for code, unit in self.units.items() if unit["sums"]}

    def _exact(self, sums: Mapping[str, Any]) -> dict[str, Fraction]:
        pairs = zip(self.columns.items(), sums["totals"], strict=True)
        return {scale: Fraction(total, column["denominator"]) for (scale, column), total in pairs}

    def _say(self, code: str, quantity: str, total: Fraction | None, n: int, bound: str = "") -> None:
        self.found.statements.append(Statement(self.found.wave, quantity, (code,), (), total, n, bound))

    def _pinned(self, figure: dict[str, Any], n: int, denominator: int) -> Fraction | None:
        """Return the sum behind a mean, where the digits leave one only."""
        low, high = (end * n * denominator for end in told(figure["text"]))
        whole = [total for total in range(int(low) - 1, int(high) + 2) if low <= total <= high]
        kept = Fraction(str(figure["value"])) * n * denominator
        near = [total for total in whole if abs(total - kept) <= Fraction(n * denominator, 10**6)]
        fits = near or whole
        return Fraction(fits[0], denominator) if len(fits) == 1 else None

    def _spread(self, code: str, scale: str, figure: dict[str, Any], n: int) -> None:
        """Return the sum of squares behind an interval, unless it is as wide as the company's spread makes it."""
        column, variance = self.columns[scale], self.record["within_variance"].get(scale)
        if figure["low"] is None or (figure["low"] <= column["low"] and figure["high"] >= column["high"]):
            return
        low, high = figure["value"] - figure["low"], figure["high"] - figure["value"]
        half = high if figure["low"] <= column["low"] else low
        pooled = float(stdtrit(self._pool(), 0.975)) * ((variance or 0) / n) ** 0.5
        if abs(half - pooled) <= 1e-5 + 1e-4 * pooled:
            return
        squared = (half / float(stdtrit(n - 1, 0.975))) ** 2 * n
        mean = Fraction(str(figure["value"]))
        self._say(code, f"spread:{scale}", self._squares(squared, mean, n, 1), n)

    def _squares(self, variance: float, mean: Fraction, n: int, denominator: int) -> Fraction:
        """Return the sum of squares of whole answers that gives this variance."""
        return Fraction(round((variance * (n - 1) + float(mean) ** 2 * n) * denominator**2), denominator**2)

    def _pool(self) -> int:
        """Return the degrees of freedom of the company's spread: people minus published cells."""
        people = self.units[self.root]["figures"]["n"]
        shown = [code for code, unit in self.units.items() if unit["figures"]]
        cells = sum(self._left(code) > 0 for code in shown)
        return max(int(people) - cells, 1)

    def _nearest(self, code: str) -> list[str]:
        """Return the nearest shown units below."""
        below: list[str] = []
        for other, unit in self.units.items():
            at = unit["parent"]
            while at is not None and at != code and not self.units[at]["figures"]:
                at = self.units[at]["parent"]
            if at == code and unit["figures"]:
                below.append(other)
        return below

    def _left(self, code: str) -> int:
        n = {other: int(unit["figures"]["n"]) for other, unit in self.units.items() if unit["figures"]}
        return n[code] - sum(n[other] for other in self._nearest(code))

    # ---- what follows from the sums --------------------------------------------------------------------------------

    def _derived(self, code: str, name: str, value: Any) -> None:  # noqa: ANN401 - a part of the JSON
        if value is None or value.get("type") == "NotEstimable":
            return
        if code not in self.sums:
            self._say(code, name, None, self.units[code]["figures"]["n"])
            return
        here, n = self.sums[code], self.units[code]["sums"]["n"]
        own = {scale: total / n for scale, total in here.items()}
        apart = self._apart(code, own, n)
        if name == "index":
            self._same(f"index of {code}", value, self._index(own))
        elif name == "twin":
            self._same(f"twin of {code}", value, self._twin(own))
        elif name == "position":
            self._agrees(f"position of {code}", value["tactical"], round(float(own["tactical"]), 6))
            self._agrees(f"position of {code}", value["adaptive"], round(float(own["adaptive"]), 6))
        elif name == "balance":
            self._same(f"balance of {code}", value, apart["adaptive"] - apart["tactical"])
        else:
            self._gap(code, value, apart)

    def _apart(self, code: str, own: Mapping[str, Fraction], n: int) -> dict[str, Fraction]:
        """Return how far each mean is from that of the rest of the company: one more group that is told of."""
        others = self.units[self.root]["sums"]["n"] - n if self.root in self.sums else 0
        if not others:
            return {}
        whole, here = self.sums[self.root], self.sums[code]
        return {scale: mean - (whole[scale] - here[scale]) / others for scale, mean in own.items()}

    def _gap(self, code: str, value: Any, apart: Mapping[str, Fraction]) -> None:  # noqa: ANN401 - a part of the JSON
        shift = sum((apart[motive] for motive in self.weights), Fraction(0)) / len(self.weights)
        parts = {motive: weight * (apart[motive] - shift) for motive, weight in self.weights.items()}
        self._same(f"gap of {code}", value["gap"], sum(parts.values(), Fraction(0)))
        self._same(f"shift of {code}", value["acquiescence"], shift)
        for motive, part in parts.items():
            self._same(f"part of {motive} of {code}", value["parts"][motive], part)

    def _index(self, means: Mapping[str, Fraction]) -> Fraction:
        return sum((weight * means[motive] for motive, weight in self.weights.items()), Fraction(0))

    def _twin(self, means: Mapping[str, Fraction]) -> Fraction:
        sides = {"direct": list[Fraction](), "indirect": list[Fraction]()}
        for motive in self.weights:
            sides[self.direction[motive]].append(means[motive])
        direct, indirect = sides.values()
        return sum(direct, Fraction(0)) / len(direct) - sum(indirect, Fraction(0)) / len(indirect)

    # ---- two numbers that should say the same ----------------------------------------------------------------------

    def _same(self, what: str, figure: Mapping[str, Any], exact: Fraction) -> None:
        low, high = told(figure["text"])
        near = abs(Fraction(str(figure["value"])) - exact) <= Fraction(2, 10**6)
        self._agrees(what, low <= exact <= high and near, True)

    def _agrees(self, what: str, one: object, other: object) -> None:
        if one != other:
            self.found.contradictions.append(what)
