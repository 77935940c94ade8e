"""What is not told of a unit, and why, in words: of the unit itself, and of the units right below it."""

from collections.abc import Iterator, Sequence

from reports import sentences
from survey.i18n import Sentence
from survey.privacy.released import Suppressed
from survey.privacy.thaw import Publication, PublishedUnit


def withheld(unit: PublishedUnit, children: Sequence[PublishedUnit], publication: Publication) -> tuple[Sentence, ...]:
    """Return a sentence for everything that is held back of a unit that is shown."""
    return (*_own(unit, publication), *below(children, publication))


def _own(unit: PublishedUnit, publication: Publication) -> Iterator[Sentence]:
    facts: dict[str, object] = {"k": publication.policy.detail_k}
    if isinstance(unit.detail, Suppressed):
        few = Sentence(
            "How the answers are spread, a label on the map and changes since the last wave: shown from %(k)s answers.",
            facts,
        )
        held = Sentence(
            "How the answers are spread, a label on the map and changes since the last wave: with them, the answers of "
            "a smaller group could be worked out."
        )
        yield few if unit.detail.reason == "small" else held
    elif unit.detail.value.change is None and publication.previous_wave:
        yield Sentence(
            "The change since the last wave: %(why)s", {"why": sentences.since_last_wave(unit.detail, publication)[1]}
        )
    if not unit.participation and publication.wave.kind == "native":
        yield Sentence("The share that took part: shown from ten people invited.")


def below(children: Sequence[PublishedUnit], publication: Publication) -> Iterator[Sentence]:
    """Yield how many of the units right below are not shown, by reason."""
    reasons = [child.figures.reason for child in children if isinstance(child.figures, Suppressed)]
    few, others = reasons.count("small"), len(reasons) - reasons.count("small")
    k = publication.policy.k
    if few == 1:
        yield Sentence("One unit below: fewer than %(k)s people answered there.", {"k": k})
    elif few:
        yield Sentence("%(n)s units below: fewer than %(k)s people answered in each.", {"n": few, "k": k})
    if others == 1:
        yield Sentence(
            "One more unit below: with its results, those of fewer than %(k)s people could be worked out by "
            "subtraction.",
            {"k": k},
        )
    elif others:
        yield Sentence(
            "%(n)s more units below: with their results, those of fewer than %(k)s people could be worked out by "
            "subtraction.",
            {"n": others, "k": k},
        )
