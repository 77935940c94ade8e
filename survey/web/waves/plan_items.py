"""What the plan of a wave offers to ask, and what a planned wave asks: the version, its own items, what that breaks."""

from dataclasses import dataclass
from typing import Any

from survey.forms.items import BETWEEN, ItemFields
from survey.i18n import Sentence
from survey.instruments.extra import warnings
from survey.instruments.model import Instrument
from survey.instruments.versions import Difference, between
from survey.services.instruments import instruments, registry
from survey.services.waves.waves import Wave
from survey.web.database import db
from survey.web.language import language, say


def offer(form: ItemFields) -> None:
    """Fill the list of questionnaires; the one that ships with the program stands first and is chosen where none is."""
    found = [version for version in instruments.versions(db()) if version.askable]
    ours, own = Sentence("%(title)s, version %(version)s"), Sentence("%(title)s, version %(version)s (your company’s)")
    form.instrument.choices = [
        (
            f"{each.instrument.id}{BETWEEN}{each.instrument.version}",
            say(
                (ours if each.ours else own).fill(
                    title=each.instrument.title[language()], version=each.instrument.version
                )
            ),
        )
        for each in found
    ]
    if form.instrument.data is None:
        form.instrument.data = form.instrument.choices[0][0]


def chosen(form: ItemFields) -> dict[str, Any]:
    """Return what the plan's draft takes from these fields."""
    name, version = form.chosen()
    return {"instrument_id": name, "instrument_version": version, "extra_items": form.extras()}


@dataclass(frozen=True)
class Asked:
    """What a wave asks."""

    instrument: Instrument
    extras: tuple[str, ...]
    """The extra items in the reader's language."""
    warnings: tuple[Sentence, ...]
    """What to think over before it is opened."""
    last: Instrument | None
    """What was asked last, before a wave that is not open yet; None where there is nothing to hold it against."""
    difference: Difference | None


def asked(wave: Wave) -> Asked:
    """Return what a wave asks; before its opening also what that means for the trend."""
    instrument = registry.instrument(db(), wave.instrument_id, wave.instrument_version)
    extras = registry.extras_of(wave)
    last = instruments.last_used(db(), wave.instrument_id) if wave.state == "draft" else None
    return Asked(
        instrument,
        tuple(extra.text[language()] for extra in extras),
        tuple(warnings(extras)) if wave.state == "draft" else (),
        last,
        None if last is None else between(last, instrument),
    )
