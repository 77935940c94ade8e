"""What is typed when a unit takes up a practice."""

from wtforms import Form, StringField

from survey.forms.fields import ChoiceField, DayField, at_most, gettext, required


class AdoptionForm(Form):
    """Which unit, which practice, since when, who looks after it."""

    unit = ChoiceField(gettext("Unit"), [required()])
    practice = ChoiceField(gettext("Practice"), [required()])
    since = DayField(gettext("In use since"), [required()])
    owner = StringField(gettext("Who looks after it"), [at_most(200)])
