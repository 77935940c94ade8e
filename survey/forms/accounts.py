"""What is typed to sign in."""

from wtforms import EmailField, Form, PasswordField

from survey.forms.fields import at_most, gettext, required


class SignInForm(Form):
    """E-mail and password."""

    email = EmailField(gettext("E-mail"), [required(), at_most(254)])
    password = PasswordField(gettext("Password"), [required(), at_most(512)])
