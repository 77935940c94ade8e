"""The manual's sections on practices and outcomes."""

from survey.scoring import before_after, outcomes
from survey.scoring.estimable import NotEstimable
from tests.spec.section import Expected, Given, Section


def _difference(given: Given) -> Expected:
    made = before_after.difference_in_differences(list(zip(given["changes"], given["changes of matched"], strict=True)))
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    return {"difference": made.value, "low": made.interval.low, "high": made.interval.high, "p": made.p}


def _match(given: Given) -> Expected:
    adopting = [before_after.Start(str(place), value) for place, value in enumerate(given["starts"])]
    others = [before_after.Start(f"{place:03}", value) for place, value in enumerate(given["others"])]
    found = before_after.match(adopting, others)
    sets = [" ".join(f"{given['others'][each]:g}" for each in found.get(place, ())) for place in range(len(adopting))]
    return {"matched": "; ".join(each or "nobody" for each in sets)}


def _together(given: Given) -> Expected:
    made = outcomes.go_together(given["index"], given["outcome"], fewest=given["fewest"])
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    return {"r": made.value, "low": made.low, "high": made.high, "says": made.finding}


SECTIONS = (
    Section("Units that started alike", before_after.match, _match, "match"),
    Section("Before and after a practice", before_after.difference_in_differences, _difference, "before_after"),
    Section("When it is too early", before_after.missing),
    Section("The word for a practice", before_after.verdict),
    Section("Outcomes beside motivation", outcomes.go_together, _together, "outcomes"),
)
