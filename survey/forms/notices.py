"""What is typed to correct or withdraw a publication."""

from typing import Final

from wtforms import Form, TextAreaField

from survey.forms.fields import ChoiceField, at_most, gettext, required

KINDS: Final = ("erratum", "withdrawal")
LONGEST: Final = 600
"""Characters, as the service says."""


class NoticeForm(Form):
    """Which of the two, and the words in both languages."""

    kind = ChoiceField(gettext("What to do"), [required()], choices=list(KINDS))
    ko = TextAreaField(gettext("In Korean"), [required(), at_most(LONGEST)])
    en = TextAreaField(gettext("In English"), [required(), at_most(LONGEST)])
