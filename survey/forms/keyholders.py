"""What is typed to register a keyholder, and the file that is chosen to unseal a wave."""

from werkzeug.datastructures import FileStorage
from wtforms import Field, FileField, Form, StringField
from wtforms.validators import StopValidation

from survey.forms.fields import at_most, gettext, required


def file_chosen(_form: Form, field: Field) -> None:
    """Refuse a form that was sent without its file."""
    if not isinstance(field.data, FileStorage) or not field.data.filename:
        raise StopValidation(gettext("Choose the key file of a keyholder."))


class KeyholderForm(Form):
    """Who keeps the key, and its public half."""

    name = StringField(gettext("Who keeps the key"), [required(), at_most(200)])
    public_key = StringField(gettext("Public key"), [required(), at_most(400)])


class KeyFileForm(Form):
    """The file that holds a keyholder's private key."""

    key = FileField(gettext("Key file"), [file_chosen])
