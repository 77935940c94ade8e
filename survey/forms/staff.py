"""What HR types about accounts, and what somebody types who chooses a password."""

from werkzeug.datastructures import FileStorage
from wtforms import EmailField, Field, FileField, Form, PasswordField, StringField
from wtforms.validators import StopValidation

from survey.forms.fields import ChoiceField, at_most, gettext, required


def same_twice(form: Form, field: Field) -> None:
    """Refuse a password that was not typed the same way twice."""
    if field.data != form["password"].data:
        raise StopValidation(gettext("The two passwords differ. Type both again."))


def file_chosen(_form: Form, field: Field) -> None:
    """Refuse a form that was sent without its file."""
    if not isinstance(field.data, FileStorage) or not field.data.filename:
        raise StopValidation(gettext("Choose the file that holds the accounts."))


class AccountForm(Form):
    """What HR may change of an account."""

    name = StringField(gettext("Name"), [required(), at_most(200)])
    role = ChoiceField(gettext("Role"), [required()])
    language = ChoiceField(gettext("Language"), [required()])


class NewAccountForm(AccountForm):
    """A new account."""

    email = EmailField(gettext("E-mail"), [required(), at_most(254)])


class AccountFileForm(Form):
    """The file."""

    file = FileField(gettext("File with accounts"), [file_chosen])


class ForgottenForm(Form):
    """Who forgot her password."""

    email = EmailField(gettext("E-mail"), [required(), at_most(254)])


class WelcomeForm(Form):
    """The code of a letter, and the password that is chosen with it."""

    code = StringField(gettext("Code of the letter"), [required(), at_most(200)])
    password = PasswordField(gettext("New password"), [required(), at_most(512)])
    again = PasswordField(gettext("The same password again"), [required(), same_twice])
