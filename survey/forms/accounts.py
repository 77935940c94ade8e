"""What is typed to sign in, and to say how one signs in."""

from wtforms import EmailField, Form, HiddenField, PasswordField, StringField
from wtforms.validators import ValidationError

from survey.forms.fields import at_most, gettext, required


class SignInForm(Form):
    """E-mail and password."""

    email = EmailField(gettext("E-mail"), [required(), at_most(254)])
    password = PasswordField(gettext("Password"), [required(), at_most(512)])


class CodeForm(Form):
    """Six digits of an app, or a recovery code."""

    code = StringField(gettext("Code"), [required(), at_most(100)])


class AppForm(Form):
    """The first code of a new authenticator app, and what the page carries."""

    code = StringField(gettext("Code the app shows"), [at_most(100)])
    sealed = HiddenField(validators=[at_most(2_000)])


class PasskeyForm(Form):
    """What the browser sends of a passkey; a script fills it in."""

    credential = HiddenField(validators=[required(), at_most(20_000)])
    challenge = HiddenField(validators=[required(), at_most(2_000)])


class NewPasskeyForm(PasskeyForm):
    """A new passkey, and what it is called in one's own list."""

    name = StringField(gettext("Name of the passkey"), [required(), at_most(100)])


class PasswordForm(Form):
    """One's own password, the old one and twice the new one."""

    old = PasswordField(gettext("Password you have now"), [required(), at_most(512)])
    new = PasswordField(gettext("New password"), [required(), at_most(512)])
    again = PasswordField(gettext("New password once more"), [required(), at_most(512)])

    def validate_again(self, field: PasswordField) -> None:
        """Refuse a slip of the finger."""
        if field.data != self.new.data:
            raise ValidationError(gettext("The two new passwords are not the same."))
