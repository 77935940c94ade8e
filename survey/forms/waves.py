"""What is typed to plan a wave; what cannot work for other reasons, the service refuses."""

from typing import Final

from wtforms import BooleanField, Field, Form, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput

from survey.forms.fields import ChoicesField, CountField, DayField, HourField, at_most, gettext, required
from survey.forms.items import ItemFields

MOST_PRACTICES: Final = 4


def after_start(form: Form, field: Field) -> None:
    """Refuse a last day before the first."""
    first = form["opens_on"].data
    if first is not None and field.data < first:
        raise StopValidation(gettext("The last day lies before the first one."))


def floor(_form: Form, field: Field) -> None:
    """Refuse a threshold below the promised one."""
    if field.data < 5:  # noqa: PLR2004 - the promise to employees, never lower
        raise StopValidation(gettext("We promise employees groups of at least five: choose 5 or more."))


def detail_floor(form: Form, field: Field) -> None:
    """Refuse details from fewer people than ten, or fewer than the first threshold."""
    if field.data < max(10, form["k"].data or 0):
        raise StopValidation(gettext("Details need 10 people or more, and never fewer than the first threshold."))


def few(_form: Form, field: Field) -> None:
    """Refuse more practices than a questionnaire of four minutes can hold."""
    if len(field.data or ()) > MOST_PRACTICES:
        raise StopValidation(gettext("Choose up to four practices."))


class WaveForm(ItemFields):
    """Name, days and hours, thresholds, practices, sealing, reminders."""

    code = StringField(gettext("Name of the wave"), [required(), at_most(40)])
    opens_on = DayField(gettext("First day"), [required()])
    opens_time = HourField(gettext("Opens at"))
    closes_on = DayField(gettext("Last day"), [required(), after_start])
    closes_time = HourField(gettext("Ends at"))
    k = CountField(gettext("Show results from"), [required(), floor])
    detail_k = CountField(gettext("Show details from"), [required(), detail_floor])
    practices = ChoicesField(
        gettext("Practices to ask about"), [few], validate_choice=True, option_widget=CheckboxInput()
    )
    sealed = BooleanField(gettext("Sealing"))
    strict = BooleanField(gettext("Strict wave"))
    reminds = BooleanField(gettext("Reminders"))
