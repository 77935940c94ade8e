"""The manual's sections on units: how far they differ, how far people in them agree, who did not answer."""

from survey.scoring import agreement, intraclass, shrinkage, taking_part, variance_components
from survey.scoring.estimable import NotEstimable
from survey.scoring.oneway import Units, units_of
from tests.spec.section import Expected, Given, Section


def _units(given: Given) -> Units:
    answers, places = given["units"], range(len(given["units"]))
    return units_of([answer for unit in answers for answer in unit], [at for at in places for _ in answers[at]])


def _components(given: Given) -> Expected:
    made = variance_components.components(_units(given))
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    return {"tau2": made.tau2, "sigma2": made.sigma2, "mu": made.mu, "se": made.se_mu}


def _shrunk(given: Given) -> Expected:
    made = shrinkage.shrink(_units(given))
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    return {"values": made.value.tolist(), "low": made.low.tolist(), "high": made.high.tolist()}


def _intraclass(given: Given) -> Expected:
    made = intraclass.intraclass(_units(given))
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    icc2 = "none" if isinstance(made.icc2, NotEstimable) else made.icc2
    return {"ICC(1)": made.icc1, "low": made.low, "high": made.high, "ICC(2)": icc2, "F": made.f, "p": made.p}


def _told_apart(given: Given) -> Expected:
    made = intraclass.intraclass(_units(given))
    assert not isinstance(made, NotEstimable)
    return {"says": intraclass.told_apart(made).to("en")}


def _agreement(given: Given) -> Expected:
    variances = agreement.item_variances(list(zip(*given["answers"], strict=True)))
    found = {null: agreement.agreement(variances.tolist(), given["options"], null) for null in ("uniform", "skewed")}
    return {null: made.reason.text if isinstance(made, NotEstimable) else made for null, made in found.items()}


def _deviation(given: Given) -> Expected:
    made = agreement.average_deviation(list(zip(*given["answers"], strict=True)))
    return {"not estimable": made.reason.text} if isinstance(made, NotEstimable) else {"points": made}


def _split(given: Given) -> Expected:
    found = agreement.camps(given["people by answer"])
    ends = f"{found.low}, {found.between}, {found.high}"
    return {"low, between, high": ends, "split": agreement.split(given["people by answer"])}


def _wilson(given: Given) -> Expected:
    made = taking_part.wilson(given["some"], given["of"])
    if isinstance(made, NotEstimable):
        return {"not estimable": made.reason.text}
    return {"share": made.value, "low": made.low, "high": made.high}


def _bounds(given: Given) -> Expected:
    made = taking_part.bounds(given["index"], given["answered"], given["asked"], tuple(given["missing between"]))
    return {"low": made[0], "high": made[1]}


SECTIONS = (
    Section("Variance components", variance_components.components, _components, "components"),
    Section("Shrunken means", shrinkage.shrinkage, _shrunk, "shrinkage"),
    Section("Intraclass correlations", intraclass.intraclass, _intraclass, "intraclass"),
    Section("What unit means may be used for", intraclass.told_apart, _told_apart, "told_apart"),
    Section("Answers given at random", agreement.null_variance),
    Section("Agreement", agreement.agreement, _agreement, "agreement"),
    Section("Average deviation", agreement.average_deviation, _deviation, "average_deviation"),
    Section("Two camps", agreement.split, _split, "split"),
    Section("A share", taking_part.wilson, _wilson, "wilson"),
    Section("Those who did not answer", taking_part.bounds, _bounds, "bounds"),
)
