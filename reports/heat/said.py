"""What a heat map says in words: the sentence above it, each shade, and how it is read."""

from collections.abc import Sequence
from typing import Final

from reports.comparison.changed import WORDS
from reports.comparison.measures import Measure
from reports.comparison.said import listed
from reports.heat.contents import Key
from reports.heat.shades import Shade, limits
from survey.i18n import Sentence
from survey.privacy.figures import NotEstimable
from survey.privacy.record import Verdict
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit

STEPS: Final = (3, 2, 1, 0, -1, -2, -3)
TOLD: Final = {
    "both": Sentence(
        "Of %(count)s units shown, total motivation is higher than in the rest of the company in %(higher)s and lower "
        "in %(lower)s."
    ),
    "higher": Sentence(
        "Of %(count)s units shown, total motivation is higher than in the rest of the company in %(higher)s."
    ),
    "lower": Sentence(
        "Of %(count)s units shown, total motivation is lower than in the rest of the company in %(lower)s."
    ),
}
CHANGED: Final = {
    "both": Sentence(
        "Of %(count)s units with a verdict, total motivation rose since %(before)s in %(higher)s and fell in %(lower)s."
    ),
    "higher": Sentence("Of %(count)s units with a verdict, total motivation rose since %(before)s in %(higher)s."),
    "lower": Sentence("Of %(count)s units with a verdict, total motivation fell since %(before)s in %(lower)s."),
}
NOTHING_TOLD: Final = Sentence(
    "Total motivation can be told apart from the rest of the company in none of the units shown (%(count)s)."
)
NOTHING_CHANGED: Final = Sentence(
    "Whether total motivation changed since %(before)s was tested for %(count)s of the units shown: no change can be "
    "told."
)
NO_DIFFERENCE: Final = Sentence("For the others no difference can be told.")
NO_CHANGE: Final = Sentence("For the others no change can be told.")


def title(publication: Publication, changes: bool, language: str) -> str:  # noqa: FBT001 - which of two titles
    """Return what the map shows."""
    if changes:
        text = Sentence("Changes from %(before)s to %(wave)s")
        return text.fill(before=publication.previous_wave, wave=publication.wave.code).to(language)
    return Sentence("Wave %(wave)s").fill(wave=publication.wave.code).to(language)


def sentence(units: Sequence[PublishedUnit], publication: Publication, language: str, *, changes: bool) -> str:
    """Return what can be said of all units together, by the verdicts on the index that were fixed at publication."""
    verdicts = [found for unit in units if unit.parent is not None and (found := _verdict(unit, changes=changes))]
    return counted(verdicts, publication.previous_wave, language, changes=changes)


def counted(verdicts: Sequence[Verdict], before: str, language: str, *, changes: bool) -> str:
    """Return how many units are told apart from the rest of the company, or changed since the wave `before`.

    >>> counted(["lower", "no detectable difference"], "2026-Q2", "en", changes=True)
    'Of 2 units with a verdict, total motivation fell since 2026-Q2 in 1. For the others no change can be told.'
    """
    higher, lower = verdicts.count("higher"), verdicts.count("lower")
    counts: dict[str, object] = {"count": len(verdicts), "higher": higher, "lower": lower, "before": before}
    if not verdicts:
        said = [Sentence("None of these units has a verdict on total motivation.")]
    elif not higher + lower:
        said = [(NOTHING_CHANGED if changes else NOTHING_TOLD).fill(**counts)]
    else:
        first, others = (CHANGED, NO_CHANGE) if changes else (TOLD, NO_DIFFERENCE)
        directions = "both" if higher and lower else "higher" if higher else "lower"
        said = [first[directions].fill(**counts), *[others] * (higher + lower < len(verdicts))]
    return " ".join(each.to(language) for each in said)


def _verdict(unit: PublishedUnit, *, changes: bool) -> Verdict | None:
    if changes:
        found = None if isinstance(unit.detail, Suppressed) else unit.detail.value.change
        return None if found is None else found.verdict
    if isinstance(unit.figures, Suppressed) or isinstance(unit.figures.value.contribution, NotEstimable):
        return None
    return unit.figures.value.contribution.verdict


def about(shade: Shade, language: str) -> str:
    """Return a shade in words."""
    text = {
        1: Sentence("higher than in the whole company") if shade.sure else Sentence("higher, but chance may do that"),
        -1: Sentence("lower than in the whole company") if shade.sure else Sentence("lower, but chance may do that"),
        0: Sentence("about as in the whole company"),
    }[shade.higher]
    return text.to(language)


def change_about(verdict: Verdict, language: str) -> str:
    """Return the verdict on a change in words."""
    return WORDS[verdict].to(language)


def legend(language: str, *, changes: bool) -> tuple[Key, ...]:
    """Return the shades in words, from what lifts to what weighs; the pale ones last."""
    words = (
        (
            Sentence("changed far for the better"), Sentence("changed for the better"),
            Sentence("changed a little for the better"), Sentence("about as before"),
            Sentence("changed a little for the worse"), Sentence("changed for the worse"),
            Sentence("changed far for the worse"),
        )
        if changes
        else (
            Sentence("far more favourable than in the company"), Sentence("more favourable"),
            Sentence("a little more favourable"), Sentence("about as in the company"),
            Sentence("a little less favourable"), Sentence("less favourable"),
            Sentence("far less favourable than in the company"),
        )
    )  # fmt: skip
    keys = tuple(Key(step, sure=True, says=each.to(language)) for step, each in zip(STEPS, words, strict=True))
    return (*keys, Key(1, sure=False, says=Sentence("pale: cannot be told from chance").to(language)))


def notes(columns: Sequence[Measure], language: str, *, changes: bool) -> tuple[str, ...]:
    """Return how the map is read, a sentence each."""
    scale = next((each for each in columns if each.kind != "index"), None)
    index = next((each for each in columns if each.kind == "index"), None)
    said = []
    if any(each.heavy for each in columns):
        heavy = listed([each.name for each in columns if each.heavy], language)
        said.append(
            Sentence(
                "Blue is favourable, orange is not: of %(heavy)s more is less favourable, so a high number is orange. "
                "The arrow shows which way the number itself lies."
            ).fill(heavy=heavy)
        )
    if scale is not None and index is not None:
        steps = {
            "scale": " / ".join(f"{limit:g}" for limit in limits(scale)),
            "index": " / ".join(f"{limit:g}" for limit in limits(index)),
        }
        said.append(
            Sentence(
                "A shade grows deeper at %(scale)s points of the answer scale, and at %(index)s points of total "
                "motivation. It is a fixed scale: showing other units changes no shade."
            ).fill(**steps)
        )
    if changes:
        said.append(
            Sentence(
                "Verdicts are those that were fixed when the wave was published. Motives were looked into only where "
                "total motivation itself had changed; elsewhere there is a dash."
            )
        )
    else:
        said.append(
            Sentence(
                "Total motivation is pale where the verdict fixed at publication finds no difference from the rest of "
                "the company; every other number where its 95 % interval holds the company’s mean. So many cells stand "
                "here that about one in twenty stands out by chance alone."
            )
        )
    said.append(Sentence("Units stand in the order of the company’s tree: there are no ranks."))
    return tuple(each.to(language) for each in said)
