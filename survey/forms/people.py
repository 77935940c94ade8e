"""What is typed, or rather chosen, to import a roster."""

from werkzeug.datastructures import FileStorage
from wtforms import Field, FileField, Form
from wtforms.validators import StopValidation

from survey.forms.fields import gettext


def file_chosen(_form: Form, field: Field) -> None:
    """Refuse a form that was sent without its file."""
    if not isinstance(field.data, FileStorage) or not field.data.filename:
        raise StopValidation(gettext("Choose the file that holds the roster."))


class RosterForm(Form):
    """The file."""

    file = FileField(gettext("Roster file"), [file_chosen])
