"""What a wave asks: the instrument and its version, and questions of the company's own in both languages."""

from typing import Final

from wtforms import Form, StringField

from survey.forms.fields import ChoiceField, at_most, gettext
from survey.instruments.extra import LONGEST, MOST, Extra, typed

BETWEEN: Final = " "
"""Between id and version in the list's values: neither id holds it."""


class ItemFields(Form):
    """The fields of a plan that say what is asked."""

    instrument = ChoiceField(gettext("Questionnaire"))
    own_ko_1 = StringField(gettext("In Korean"), [at_most(10 * LONGEST["ko"])])
    own_en_1 = StringField(gettext("In English"), [at_most(10 * LONGEST["en"])])
    own_ko_2 = StringField(gettext("In Korean"), [at_most(10 * LONGEST["ko"])])
    own_en_2 = StringField(gettext("In English"), [at_most(10 * LONGEST["en"])])
    own_ko_3 = StringField(gettext("In Korean"), [at_most(10 * LONGEST["ko"])])
    own_en_3 = StringField(gettext("In English"), [at_most(10 * LONGEST["en"])])
    own_ko_4 = StringField(gettext("In Korean"), [at_most(10 * LONGEST["ko"])])
    own_en_4 = StringField(gettext("In English"), [at_most(10 * LONGEST["en"])])
    own_ko_5 = StringField(gettext("In Korean"), [at_most(10 * LONGEST["ko"])])
    own_en_5 = StringField(gettext("In English"), [at_most(10 * LONGEST["en"])])

    def extras(self) -> tuple[Extra, ...]:
        """Return the extra items that were typed."""
        numbers = range(1, MOST + 1)
        return typed([(self[f"own_ko_{n}"].data or "", self[f"own_en_{n}"].data or "") for n in numbers])

    def chosen(self) -> tuple[str, str]:
        """Return id and version of the instrument that was chosen."""
        name, _, version = (self.instrument.data or "").partition(BETWEEN)
        return name, version
