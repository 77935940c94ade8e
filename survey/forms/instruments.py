"""The file that holds an instrument."""

from werkzeug.datastructures import FileStorage
from wtforms import Field, FileField, Form
from wtforms.validators import StopValidation

from survey.forms.fields import gettext


def file_chosen(_form: Form, field: Field) -> None:
    """Refuse a form that was sent without its file."""
    if not isinstance(field.data, FileStorage) or not field.data.filename:
        raise StopValidation(gettext("Choose the file that holds the questionnaire."))


class InstrumentFileForm(Form):
    """The file."""

    file = FileField(gettext("File with a questionnaire (TOML)"), [file_chosen])
