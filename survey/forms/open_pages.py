"""What is chosen when a page of a unit is opened: its parts, and the practice that is tried next. Nothing is typed."""

from collections.abc import Mapping, Sequence
from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import Form

from survey.forms.fields import ChoiceField, ChoicesField, gettext

PARTS: Final[Mapping[str, str]] = {
    "index": gettext("The index, and what it means"),
    "motives": gettext("The six motives"),
    "change": gettext("What has changed since the last survey"),
    "practices": gettext("What we do: practices in place"),
}


class ChoiceForm(Form):
    """Which parts, which practice."""

    part = ChoicesField(gettext("What the page shows"))
    practice = ChoiceField(gettext("What we try next"))


def choice_form(
    given: MultiDict[str, str], practices: Sequence[tuple[str, str]], nothing: tuple[str, str]
) -> ChoiceForm:
    """Return the form with what was chosen; `practices` by id and name, after `nothing` of them."""
    form = ChoiceForm(given)
    form.part.choices = list(PARTS.items())
    form.practice.choices = [nothing, *practices]
    return form
