"""Where a wave asked otherwise than the one before it: for which scales no change is told, and why."""

from collections.abc import Sequence
from itertools import pairwise

from survey.i18n import Sentence, catalogue
from survey.instruments.versions import Verdict, between
from survey.privacy.thaw import Publication


def asked_otherwise(waves: Sequence[Publication], language: str) -> tuple[str, ...]:
    """Return a sentence for each of these waves, the earliest first, that differs from the one before it."""
    return tuple(said for before, wave in pairwise(waves) if (said := _said(before, wave, language)) is not None)


def since_the_last(publication: Publication, waves: Sequence[Publication], language: str) -> tuple[str, ...]:
    """Return the same of one wave and the one before it."""
    places = [place for place, wave in enumerate(waves) if wave.digest == publication.digest]
    return asked_otherwise(waves[max(places[0] - 1, 0) : places[0] + 1], language) if places else ()


def _said(before: Publication, wave: Publication, language: str) -> str | None:
    broken = between(before.instrument, wave.instrument).broken
    if not broken:
        return None
    if before.instrument.id != wave.instrument.id:
        other = Sentence("%(wave)s asked another questionnaire than %(before)s, so no change is told between the two.")
        return other.fill(wave=wave.wave.code, before=before.wave.code).to(language)
    scales = ", ".join(_scale(verdict, language) for verdict in broken if not (verdict.new or verdict.gone))
    if not scales:
        return None
    told = Sentence("%(wave)s asked otherwise than %(before)s; no change is told of: %(scales)s.")
    return told.fill(wave=wave.wave.code, before=before.wave.code, scales=scales).to(language)


def _scale(verdict: Verdict, language: str) -> str:
    name = verdict.name.get(language) or catalogue(language).gettext("Total motivation")
    return f"{name} ({', '.join(why.to(language) for why in verdict.why)})"
