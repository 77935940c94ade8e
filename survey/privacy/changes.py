"""What changed since the last publication: between tier-two results of the same unit, as one family.

Beside the unit of the same code stands, where that is another one, the unit that most of today's people came from. The
motives are looked into only where the index itself has changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from survey.i18n import Sentence
from survey.instruments.versions import same_index
from survey.privacy.change_figures import INDEX, Step, against, change, mean_before, motive
from survey.privacy.record import Change
from survey.privacy.scored import Scored
from survey.privacy.thaw import Publication
from survey.scoring import estimable
from survey.scoring.comparison import Comparison
from survey.scoring.family import adjust
from survey.scoring.selected import adjust_selected

FEW_MOVED: Final = 2
MANY: Final = 20
"""With so many people a change tells nothing of one or two who joined or left (design 6.2, rule 9)."""

FIRST: Final = Sentence("There is no earlier wave to compare with.")
OTHER: Final = Sentence("The earlier wave asked something else, so the two are not compared.")
NOT_BEFORE: Final = Sentence("The unit showed no details in the earlier wave, so no change is shown.")
GIVES_AWAY: Final = Sentence("One or two people joined or left since, and a change could tell what they answered.")
UNKNOWN: Final = Sentence("Who joined or left since is not known, so no change is shown for a group of this size.")


@dataclass(frozen=True)
class Changed:
    """What a unit of tier two tells of its changes."""

    change: Change | str
    """The change of the index, or the reason why none is shown."""
    motives: Mapping[str, Change] = field(default_factory=dict)
    """Only where the change of the index was told apart from chance."""
    origin: Change | None = None
    """Against the unit that most of today's people came from, where that is another one."""


def changes(scored: Scored, previous: Publication | None) -> dict[str, Changed]:
    """Return what each tier-two unit tells of its changes.

    The p values of all changes of the index that are shown are adjusted as one family, fixed here.
    """
    if previous is None:
        return {code: Changed(FIRST.text) for code in scored.detailed}
    if not comparable(scored, previous):
        return {code: Changed(OTHER.text) for code in scored.detailed}
    own, came = _steps(scored)
    found = {step: _compare(scored, step, previous) for step in (*own.values(), *came.values())}
    told = {step: comparison for step, comparison in found.items() if isinstance(comparison, Comparison)}
    adjusted = adjust([comparison.p for comparison in told.values()])
    shown = {
        step: change(scored, step, previous, INDEX, comparison, p)
        for (step, comparison), p in zip(told.items(), adjusted, strict=True)
    }
    motives = _motives(scored, previous, {step: shown[step] for step in own.values() if step in shown})
    return {
        code: Changed(
            shown[step] if step in shown else str(found[step]),
            motives.get(step, {}),
            shown.get(came[code]) if code in came else None,
        )
        for code, step in own.items()
    }


def _steps(scored: Scored) -> tuple[dict[str, Step], dict[str, Step]]:
    """Return by unit its step from the same code, and the one from where its people came, if that is another unit."""
    facts = {code: scored.inputs.by_code[code] for code in sorted(scored.detailed)}
    return (
        {code: Step(code, code, each.moved) for code, each in facts.items()},
        {
            code: Step(code, each.origin.unit, each.crossed)
            for code, each in facts.items()
            if each.origin is not None and each.origin.unit not in {"", code}
        },
    )


def _compare(scored: Scored, step: Step, previous: Publication) -> Comparison | str:
    before = mean_before(previous, step.then)
    if before is None:
        return NOT_BEFORE.text
    smaller = min(scored.moments[step.code].n, before.n)
    if smaller < MANY and step.moved is None:
        return UNKNOWN.text
    if smaller < MANY and step.moved is not None and 1 <= step.moved <= FEW_MOVED:
        return GIVES_AWAY.text
    found = against(scored, step.code, INDEX, before)
    return found.reason.text if isinstance(found, estimable.NotEstimable) else found


def _motives(scored: Scored, previous: Publication, tested: Mapping[Step, Change]) -> dict[Step, dict[str, Change]]:
    """Return the changes of the motives of those units whose index was told apart from what it was."""
    passed = [step for step, told in tested.items() if told.verdict != "no detectable difference"]
    return {step: _motives_of(scored, step, previous, (len(passed), len(tested))) for step in passed}


def _motives_of(scored: Scored, step: Step, previous: Publication, selection: tuple[int, int]) -> dict[str, Change]:
    found: dict[str, Comparison] = {}
    for scale in scored.instrument.motives:
        before = mean_before(previous, step.then, motive(scale.id))
        made = None if before is None else against(scored, step.code, motive(scale.id), before)
        if isinstance(made, Comparison):
            found[scale.id] = made
    adjusted = adjust_selected([each.p for each in found.values()], *selection)
    return {
        name: change(scored, step, previous, motive(name), made, p)
        for (name, made), p in zip(found.items(), adjusted, strict=True)
    }


def comparable(scored: Scored, previous: Publication) -> bool:
    """Whether the earlier wave asked for the same index in the same words, and weighed it in the same way."""
    return same_index(previous.instrument, scored.instrument) and previous.wave.kind == scored.inputs.wave.kind
