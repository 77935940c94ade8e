"""What changed since the last publication: between tier-two results of the same unit, as one family."""

from typing import Final

from survey.i18n import Sentence
from survey.privacy.figures import DIFFERENCE, PLAIN_POINTS, POINTS, Bound, figure, kept
from survey.privacy.record import Change
from survey.privacy.released import Released
from survey.privacy.scored import Scored
from survey.privacy.thaw import Publication
from survey.scoring import estimable
from survey.scoring.comparison import Comparison, Mean, compare_means, mean_of, verdict
from survey.scoring.family import adjust
from survey.scoring.summaries import MeanError

FEW_MOVED: Final = 2
MANY: Final = 20
"""With so many people a change tells nothing of one or two who joined or left (design 6.2, rule 9)."""

_TURNED: Final[dict[Bound, Bound]] = {"": "", "or more": "or less", "or less": "or more"}

FIRST: Final = Sentence("There is no earlier wave to compare with.")
OTHER: Final = Sentence("The earlier wave asked something else, so the two are not compared.")
NOT_BEFORE: Final = Sentence("The unit showed no details in the earlier wave, so no change is shown.")
GIVES_AWAY: Final = Sentence("One or two people joined or left since, and a change could tell what they answered.")
UNKNOWN: Final = Sentence("Who joined or left since is not known, so no change is shown for a group of this size.")


def changes(scored: Scored, previous: Publication | None) -> dict[str, Change | str]:
    """Return each tier-two unit's change of the index, or the reason why it shows none.

    The p values of all changes that are shown are adjusted as one family, fixed here.
    """
    found = {code: _compare(scored, code, previous) for code in sorted(scored.detailed)}
    p = {code: comparison.p for code, comparison in found.items() if isinstance(comparison, Comparison)}
    adjusted = dict(zip(p, adjust(list(p.values())), strict=True))
    since = "" if previous is None else previous.wave.code
    return {
        code: _change(comparison, since, adjusted[code], _bound(scored, code, previous))
        if isinstance(comparison, Comparison)
        else comparison
        for code, comparison in found.items()
    }


def _bound(scored: Scored, code: str, previous: Publication | None) -> Bound:
    """Return the flag of the change: answers moved now move it, those moved in the earlier wave the other way."""
    before = None if previous is None or code not in previous else previous.unit(code).figures
    then = before.value.index.bound if isinstance(before, Released) else ""
    flags = {scored.bound(scored.moved[code], scored.moments[code].n, scored.index, POINTS), _TURNED[then]} - {""}
    return flags.pop() if len(flags) == 1 else ""


def _change(found: Comparison, since: str, p_adjusted: float, bound: Bound) -> Change:
    return Change(
        since=since,
        difference=figure(found.difference, POINTS, found.interval, bound),
        verdict=verdict(found.interval, p_adjusted),
        p_adjusted=kept(p_adjusted),
        g=figure(found.g, DIFFERENCE, found.g_interval),
        detectable=figure(found.detectable, PLAIN_POINTS),
    )


def _compare(scored: Scored, code: str, previous: Publication | None) -> Comparison | str:
    if previous is None:
        return FIRST.text
    if not comparable(scored, previous):
        return OTHER.text
    before = mean_before(previous, code)
    if before is None:
        return NOT_BEFORE.text
    unit, moved = scored.moments[code], scored.inputs.by_code[code].moved
    if min(unit.n, before.n) < MANY and moved is None:
        return UNKNOWN.text
    if min(unit.n, before.n) < MANY and moved is not None and 1 <= moved <= FEW_MOVED:
        return GIVES_AWAY.text
    now = mean_of(scored.side(code, scored.index), scored.index)
    found = now if isinstance(now, estimable.NotEstimable) else compare_means(now, before)
    return found.reason.text if isinstance(found, estimable.NotEstimable) else found


def comparable(scored: Scored, previous: Publication) -> bool:
    """Whether the earlier wave measured the same index, on the same columns of the motives, in the same way."""
    earlier, now = previous.instrument, scored.instrument
    motives = [scale.id for scale in now.motives]
    return (
        (earlier.id, earlier.index) == (now.id, now.index)
        and [scale.id for scale in earlier.motives] == motives
        and all(earlier.items_of(motive) == now.items_of(motive) for motive in motives)
        and previous.wave.kind == scored.inputs.wave.kind
    )


def mean_before(previous: Publication, code: str) -> Mean | None:
    """Return a unit's index in the earlier wave with its error, from the published figures; None without a spread."""
    if code not in previous:
        return None
    figures, detail = previous.unit(code).figures, previous.unit(code).detail
    if not isinstance(figures, Released) or not isinstance(detail, Released) or detail.value.index_sd is None:
        return None
    n = figures.value.n
    return Mean(n, figures.value.index.value, MeanError(detail.value.index_sd.value**2 / n, n - 1, "own"))
