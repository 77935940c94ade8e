"""A person's own profile: worked out from the request, shown to her, kept nowhere. The receipt never comes here."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from flask import Blueprint, Response, make_response, request

from survey.database import reading
from survey.forms.questionnaire import Questionnaire
from survey.i18n import Refused
from survey.instruments.answers import encode
from survey.instruments.model import Instrument, Scale
from survey.scoring.columns import NO_SCORE, columns, scale_scores
from survey.scoring.index import rescale, total_motivation
from survey.services.instruments import registry
from survey.web.database import database
from survey.web.language import language
from survey.web.responses.questionnaire import hidden
from survey.web.responses.respondents import ERRORS, install, page, trouble_page

bp = Blueprint("profile", __name__)
install(bp)
MINUS: Final = "\u2212"


@dataclass(frozen=True)
class Bar:
    """One scale of the profile: the mean of her answers to its items."""

    scale: Scale
    score: Fraction
    low: int
    high: int

    @property
    def share(self) -> float:
        """How full the bar is, 0 to 100."""
        return float(100 * (self.score - self.low) / (self.high - self.low))

    @property
    def text(self) -> str:
        """The mean as it is shown: whole where it is whole."""
        return str(self.score) if self.score.denominator == 1 else f"{float(self.score):.1f}"


@dataclass(frozen=True)
class Index:
    """Her own total motivation."""

    value: Fraction
    low: int
    high: int

    @property
    def text(self) -> str:
        """The index with its sign, rounded to a whole point."""
        rounded = round(self.value)
        return f"{'+' if rounded > 0 else MINUS if rounded < 0 else ''}{abs(rounded)}"


def bars(instrument: Instrument, answers: dict[str, int]) -> dict[str, Bar]:
    """Return the scales that enough items were answered of, by id, with the formula that groups are scored with."""
    specs = columns(instrument)
    vector = np.frombuffer(encode(instrument.items, answers), dtype=np.uint8).reshape(1, -1)
    scores = zip(specs, scale_scores(vector, instrument, specs)[0], strict=True)
    return {
        spec.scale: Bar(instrument.scale(spec.scale), Fraction(int(score), spec.denominator), spec.low, spec.high)
        for spec, score in scores
        if score != NO_SCORE
    }


def index(instrument: Instrument, found: dict[str, Bar]) -> Index | None:
    """Return her total motivation; None unless every motive was answered."""
    composite = instrument.index
    if composite is None or not composite.fractions.keys() <= found.keys():
        return None
    parts = [found[motive] for motive in composite.fractions]
    to = composite.rescale
    motives = {bar.scale.id: rescale(bar.score, (bar.low, bar.high), to) if to else bar.score for bar in parts}
    return Index(Fraction(total_motivation(motives, composite)), composite.low, composite.high)


@bp.post("/s/profile")
def show() -> Response:
    """Work out and show the profile of the answers in this request."""
    name, _, version = request.form.get("instrument", "").partition(" ")
    try:
        with reading(database()) as session:
            instrument = registry.instrument(session, name, version).worded_for()
    except Refused:
        return trouble_page(ERRORS[404])
    form = Questionnaire(instrument.asked(), request.form)
    found = bars(instrument, form.answers())
    carried = hidden(
        {"instrument": f"{name} {version}", **{item: str(value) for item, value in form.answers().items()}}
    )
    facts = {
        "instrument": instrument,
        "index": index(instrument, found),
        "motives": [found[motive.id] for motive in instrument.motives if motive.id in found],
        "performance": [bar for bar in found.values() if bar.scale.kind == "behaviour"],
        "carried": carried,
        "lang": language(),
    }
    return make_response(page("profile/profile.html", **facts))
