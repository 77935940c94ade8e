"""What is typed about the company, the first account, and how mail leaves."""

from functools import cache
from typing import Final
from zoneinfo import available_timezones

from wtforms import EmailField, Field, Form, PasswordField, StringField
from wtforms.validators import StopValidation

from survey.forms.fields import ChoiceField, CountField, at_most, gettext, required

LANGUAGES: Final = (("ko", "한국어"), ("en", "English"))
UNIT_WORDS: Final = (("team", gettext("Team")), ("department", gettext("Department")), ("store", gettext("Store")))
SECOND_STEPS: Final = (
    ("everybody", gettext("Everybody who signs in")),
    ("hr", gettext("HR and auditors")),
    ("nobody", gettext("Nobody")),
)
ENCRYPTIONS: Final = (
    ("starttls", gettext("STARTTLS (mostly port 587)")),
    ("implicit", gettext("TLS from the start (mostly port 465)")),
    ("none", gettext("No encryption")),
)
SHORTEST_PASSWORD: Final = 12
"""As the service has it, which refuses shorter ones too."""
WAYS: Final = (("server", gettext("Through a mail server")), ("files", gettext("Not yet: keep letters as files")))
DEFAULT_ZONE: Final = "Asia/Seoul"
OFTEN: Final = gettext("Often used")
REGIONS: Final = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def time_zones() -> dict[str, list[tuple[str, str]]]:
    """Return the time zones that people live in, by region; Korea's first, because most who use this live there.

    >>> list(time_zones())[:2], ("Asia/Tokyo", "Tokyo") in time_zones()["Asia"]
    (['Often used', 'Africa'], True)
    """
    found: dict[str, list[tuple[str, str]]] = {OFTEN: [(DEFAULT_ZONE, DEFAULT_ZONE), ("UTC", "UTC")]}
    for zone in sorted(available_timezones()):
        region, _, place = zone.partition("/")
        if place and region in REGIONS and zone != DEFAULT_ZONE:
            found.setdefault(region, []).append((zone, place.replace("_", " ")))
    return found


def long_enough(_form: Form, field: Field) -> None:
    """Refuse a password that is too short; whether it can be guessed is for the service to say."""
    if len(field.data or "") < SHORTEST_PASSWORD:
        raise StopValidation(gettext("Use 12 characters or more, such as a few words."))


def as_before(form: Form, field: Field) -> None:
    """Refuse a second password that is not the first."""
    if field.data != form["password"].data:
        raise StopValidation(gettext("The two passwords differ. Type the same one twice."))


def with_server(form: Form, field: Field) -> None:
    """Ask for a field only where a server is named."""
    if form["way"].data == "files":
        field.errors = []
        raise StopValidation
    required()(form, field)


class CompanyForm(Form):
    """Names, language, word for a unit, time zone."""

    name_ko = StringField(gettext("The company’s name in Korean"), [required(), at_most(200)])
    name_en = StringField(gettext("The company’s name in English"), [required(), at_most(200)])
    language = ChoiceField(gettext("Language that pages and letters start with"))
    unit_word = ChoiceField(gettext("What a unit is called in the questions"))
    time_zone = ChoiceField(gettext("Time zone"))


class PolicyForm(Form):
    """Who signs in with a second step."""

    second_step = ChoiceField(gettext("Who signs in with a second step"))


class FirstAccountForm(Form):
    """Who is the first to sign in."""

    name = StringField(gettext("Your name"), [required(), at_most(200)])
    email = EmailField(gettext("Your e-mail address"), [required(), at_most(254)])
    password = PasswordField(gettext("A password"), [required(), long_enough, at_most(512)])
    again = PasswordField(gettext("The password once more"), [required(), as_before])


class MailForm(Form):
    """A mail server, or the word that letters are kept as files."""

    way = ChoiceField(gettext("How letters leave"))
    host = StringField(gettext("Server"), [with_server, at_most(253)])
    encryption = ChoiceField(gettext("Encryption"))
    port = CountField(gettext("Port"), [with_server])
    user = StringField(gettext("User"), [at_most(254)])
    password = PasswordField(gettext("Password of the mail account"), [at_most(512)])
    sender = EmailField(gettext("Sender of the letters"), [with_server, at_most(254)])
