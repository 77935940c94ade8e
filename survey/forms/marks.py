"""What is typed to mark what happened in a unit."""

from wtforms import Form, StringField

from survey.forms.fields import ChoiceField, DayField, at_most, gettext, required


class MarkForm(Form):
    """Which unit, which day, what happened; of a tool what it is called."""

    unit = ChoiceField(gettext("Unit"), [required()])
    day = DayField(gettext("Day"), [required()])
    kind = ChoiceField(gettext("What happened"), [required()])
    name = StringField(gettext("Name of the tool"), [at_most(60)])
