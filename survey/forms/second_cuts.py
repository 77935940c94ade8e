"""What is typed, and chosen, to group the units of a published wave in another way."""

from werkzeug.datastructures import FileStorage
from wtforms import Field, FileField, Form, StringField
from wtforms.validators import StopValidation

from survey.forms.fields import at_most, gettext, required


def file_chosen(_form: Form, field: Field) -> None:
    """Refuse a form that was sent without its file."""
    if not isinstance(field.data, FileStorage) or not field.data.filename:
        raise StopValidation(gettext("Choose the file that holds the groups."))


class CutForm(Form):
    """The cut's name, and the file."""

    code = StringField(gettext("Name of the second cut"), [required(), at_most(40)])
    file = FileField(gettext("File with the groups"), [file_chosen])
