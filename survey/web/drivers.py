"""Which motive the spread between units is made of, for HR: and whether that conclusion depends on the weights."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from markupsafe import Markup

from survey.charts import interval
from survey.charts.drivers import drivers_figure
from survey.i18n import Sentence
from survey.privacy.evidence import Drivers
from survey.privacy.figures import NotEstimable
from survey.privacy.thaw import Publication
from survey.web.access import for_hr
from survey.web.evidence.link import OLD
from survey.web.figures import figure_json
from survey.web.language import language
from survey.web.results import chosen, publications

bp = Blueprint("drivers", __name__, url_prefix="/drivers")

WITH, WITHOUT = Sentence("with the weights"), Sentence("without weights")


@dataclass(frozen=True)
class Line:
    """One motive: its share with the weights and without, each with its interval."""

    name: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Spread:
    """What the page shows; or why it shows nothing."""

    why_not: Sentence | None = None
    units: int = 0
    conclusion: Sentence | None = None
    depends: Sentence | None = None
    other_weights: Sentence | None = None
    figure: Markup | None = None
    lines: tuple[Line, ...] = ()


@bp.get("/")
@for_hr
def show() -> str:
    """Show the drivers of one wave, the newest where none is asked for."""
    publication = chosen(request.args.get("wave"))
    return render_template(
        "drivers/show.html",
        publication=publication,
        waves=[each.wave.code for each in publications()][::-1],
        spread=spread_of(publication, language()) if publication else None,
    )


def spread_of(publication: Publication, language: str) -> Spread:
    """Return what the spread between units is made of."""
    found = None if publication.evidence is None else publication.evidence.value.drivers
    if found is None:
        return Spread(OLD)
    if isinstance(found, NotEstimable):
        return Spread(Sentence(found.reason))
    scales = {scale.id: scale.name[language] for scale in publication.instrument.motives}
    words = WITH.to(language), WITHOUT.to(language)
    return Spread(
        units=found.units,
        conclusion=conclusion(found, scales),
        depends=depends(found, scales),
        other_weights=_other_weights(found, scales),
        figure=figure_json(drivers_figure(found.motives, publication.instrument, language, words)),
        lines=tuple(
            Line(
                scales[one.motive],
                tuple((f"{each.text} %", interval(each, language)) for each in (one.share, one.share_unweighted)),
            )
            for one in found.motives
        ),
    )


def conclusion(found: Drivers, names: dict[str, str]) -> Sentence:
    """Return which motive contributes most, where one surely does."""
    largest = max(found.motives, key=lambda one: one.share.value)
    facts: dict[str, object] = {
        "motive": names[largest.motive],
        "share": largest.share.text,
        "low": largest.share.low_text,
        "high": largest.share.high_text,
    }
    if found.first:
        return Sentence(
            "%(motive)s has the largest part in the spread between units: %(share)s %% (%(low)s to %(high)s).", facts
        )
    return Sentence(
        "No motive surely has the largest part. %(motive)s comes first with %(share)s %% (%(low)s to %(high)s), but "
        "another one may have as much.",
        facts,
    )


def depends(found: Drivers, names: dict[str, str]) -> Sentence:
    """Return whether the conclusion depends on the weights."""
    facts: dict[str, object] = {
        "motive": names.get(found.first, ""),
        "other": names.get(found.first_unweighted, ""),
    }
    if not found.depends_on_weights:
        if found.first:
            return Sentence("No. With the weights and without them, %(motive)s has the largest part.", facts)
        return Sentence(
            "There is no conclusion to depend on them: neither with the weights nor without them does one motive "
            "surely have the largest part."
        )
    if found.first and found.first_unweighted:
        return Sentence("Yes. With the weights it is %(motive)s, without them %(other)s.", facts)
    if found.first:
        return Sentence(
            "Yes. With the weights it is %(motive)s; without them no motive surely has the largest part.", facts
        )
    return Sentence("Yes. Without the weights it is %(other)s; with them no motive surely has the largest part.", facts)


def _other_weights(found: Drivers, names: dict[str, str]) -> Sentence | None:
    """Return how many other weights would name the same motive, where one is named."""
    if not found.first:
        return None
    return Sentence(
        "Of 1,000 other sets of weights in the same order, %(percent)s %% name %(motive)s as well.",
        {"percent": found.same_first, "motive": names[found.first]},
    )
