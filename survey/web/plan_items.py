"""What the plan of a wave offers to ask: the versions of the questionnaire that can be asked, newest last."""

from typing import Any

from survey.forms.items import BETWEEN, ItemFields
from survey.i18n import Sentence
from survey.services.instruments import instruments
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
