"""What is typed to word a letter; what its text may hold, `survey.services.invitations.wording` checks."""

from wtforms import Form, StringField, TextAreaField

from survey.forms.fields import at_most, gettext, required
from survey.services.invitations.wording import LONGEST_BODY, LONGEST_SUBJECT


class LetterForm(Form):
    """Subject and text of a letter in one language."""

    subject = StringField(gettext("Subject"), [required(), at_most(LONGEST_SUBJECT)])
    body = TextAreaField(gettext("Text"), [required(), at_most(2 * LONGEST_BODY)])
