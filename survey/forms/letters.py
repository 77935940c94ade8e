"""What is typed to word a letter; what its text may hold, `survey.services.invitations.wording` checks."""

from typing import Final

from wtforms import Form, StringField, TextAreaField

from survey.forms.fields import at_most, gettext, required

FAR_TOO_LONG: Final = 20_000
"""Characters that nobody types; the service says how long a letter may be."""


class LetterForm(Form):
    """Subject and text of a letter in one language."""

    subject = StringField(gettext("Subject"), [required(), at_most(FAR_TOO_LONG)])
    body = TextAreaField(gettext("Text"), [required(), at_most(FAR_TOO_LONG)])
