"""What is typed to rehearse: which planned wave, and for how many days."""

from wtforms import Form

from survey.forms.fields import ChoiceField, CountField, gettext, required


class RehearsalForm(Form):
    """The wave whose questions are tried, and how long."""

    of = ChoiceField(gettext("Planned wave"), [required()])
    days = CountField(gettext("Days"), [required()])
