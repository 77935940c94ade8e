"""What is typed to note a measure or declare one, and the file that holds outcomes."""

from werkzeug.datastructures import FileStorage
from wtforms import Field, FileField, Form, StringField
from wtforms.validators import StopValidation

from survey.forms.fields import ChoiceField, at_most, gettext, required


def file_chosen(_form: Form, field: Field) -> None:
    """Refuse a form that was sent without its file."""
    if not isinstance(field.data, FileStorage) or not field.data.filename:
        raise StopValidation(gettext("Choose the file that holds the outcomes."))


class OutcomeFileForm(Form):
    """The file."""

    file = FileField(gettext("File with outcomes"), [file_chosen])


class MeasureForm(Form):
    """What is counted, and which way is better."""

    code = StringField(gettext("Code of the measure"), [required(), at_most(40)])
    ko = StringField(gettext("Name in Korean"), [required(), at_most(100)])
    en = StringField(gettext("Name in English"), [required(), at_most(100)])
    better = ChoiceField(gettext("Which is better"), [required()])
    counted_in = StringField(gettext("Counted in"), [at_most(20)])


class DeclarationForm(Form):
    """Which measure is declared."""

    measure = ChoiceField(gettext("Measure"), [required()])
