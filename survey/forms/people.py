"""What is typed, or rather chosen, to import a roster; and the number that is typed to erase somebody."""

from typing import Final

from werkzeug.datastructures import FileStorage
from wtforms import Field, FileField, Form, StringField
from wtforms.validators import StopValidation

from survey.forms.fields import DayField, at_most, gettext, required

COLUMNS: Final = (
    ("name", "이름 · name", gettext("The person’s name")),
    ("email", "이메일 · email", gettext("Where the letter goes; empty for a printed code")),
    ("number", "사번 · number", gettext("The person’s number: the same for good")),
    ("language", "언어 · language", gettext("ko or en: the language of the letter")),
    ("unit", "부서코드 · unit", gettext("The code of the unit: the same across waves")),
    ("parent", "상위코드 · parent", gettext("The code of the unit above; empty for the one at the top")),
    ("unit_name", "부서명 · unit_name", gettext("The unit’s name (may be left out)")),
    ("unit_name_en", "부서영문명 · unit_name_en", gettext("Its English name (may be left out)")),
    ("kind", "부서유형 · kind", gettext("The kind of work, such as sales (may be left out)")),
    ("leads", "이끄는부서 · leads", gettext("The code of the unit this person leads (may be left out)")),
)
"""Each column of a roster: its name, its headings as we write them, and what stands in it."""


def file_chosen(_form: Form, field: Field) -> None:
    """Refuse a form that was sent without its file."""
    if not isinstance(field.data, FileStorage) or not field.data.filename:
        raise StopValidation(gettext("Choose the file that holds the roster."))


class RosterForm(Form):
    """The file, and since when it holds."""

    file = FileField(gettext("Roster file"), [file_chosen])
    day = DayField(gettext("Holds since"), [required()])


class DayForm(Form):
    """Since when a roster holds."""

    day = DayField(gettext("Holds since"), [required()])


class SearchForm(Form):
    """Whom somebody looks for."""

    words = StringField(gettext("Name or number"), [required(), at_most(200)])


class EraseForm(Form):
    """The number of the person, typed once more."""

    number = StringField(gettext("Type the person’s number"), [required(), at_most(64)])
