"""What is typed to join small units: which, and what the group is called in both languages."""

from typing import Final

from wtforms import Form, StringField
from wtforms.widgets import CheckboxInput

from survey.forms.fields import ChoicesField, at_most, gettext, required

LONGEST_NAME: Final = 180


class JoinForm(Form):
    """The units of a group and its names."""

    units = ChoicesField(
        gettext("Units to join"), [required(gettext("Choose two units at least."))], option_widget=CheckboxInput()
    )
    name_ko = StringField(gettext("Korean name of the group"), [required(), at_most(LONGEST_NAME)])
    name_en = StringField(gettext("English name of the group"), [required(), at_most(LONGEST_NAME)])
