"""What is typed to correct or withdraw a publication."""

from typing import Final

from wtforms import Field, Form, StringField, TextAreaField
from wtforms.validators import StopValidation

from survey.forms.fields import UNLISTED, at_most, gettext, required

KINDS: Final = ("erratum", "withdrawal")
LONGEST: Final = 600
"""Characters, as the service says."""


def known(_form: Form, field: Field) -> None:
    """Refuse anything but the two."""
    if field.data not in KINDS:
        raise StopValidation(UNLISTED)


class NoticeForm(Form):
    """Which of the two, and the words in both languages."""

    kind = StringField(gettext("What to do"), [known])
    ko = TextAreaField(gettext("In Korean"), [required(), at_most(LONGEST)])
    en = TextAreaField(gettext("In English"), [required(), at_most(LONGEST)])
