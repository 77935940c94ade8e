"""What is typed about practices: taking one up, and one of the company's own."""

import re
from hashlib import sha256
from typing import Final

from werkzeug.datastructures import FileStorage
from wtforms import Field, FileField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import StopValidation

from survey.forms.fields import ChoiceField, ChoicesField, DayField, at_most, gettext, required
from survey.instruments.practices import WORDED, Practice

LABELS: Final = {
    "name": (gettext("Name in Korean"), gettext("Name in English")),
    "what": (gettext("The habit in a sentence, in Korean"), gettext("The habit in a sentence, in English")),
    "why": (gettext("The case it comes from, in Korean"), gettext("The case it comes from, in English")),
    "source": (gettext("Who tells of it, in Korean"), gettext("Who tells of it, in English")),
    "first_step": (gettext("First step, in Korean"), gettext("First step, in English")),
    "next_wave": (gettext("How the next wave shows it, in Korean"), gettext("How the next wave shows it, in English")),
}


class AdoptionForm(Form):
    """What a unit takes up, since when, how often, and who looks after it."""

    unit = HiddenField(gettext("Unit"), [required()])
    practice = ChoiceField(gettext("Practice"), [required()])
    what = TextAreaField(gettext("What exactly you do"), [at_most(400)])
    how_often = ChoiceField(gettext("How often"))
    since = DayField(gettext("In use since"), [required()])
    owner = StringField(gettext("Who looks after it"), [at_most(200)])


def file_chosen(_form: Form, field: Field) -> None:
    """Refuse a form that was sent without its file."""
    if not isinstance(field.data, FileStorage) or not field.data.filename:
        raise StopValidation(gettext("Choose the file that holds the practices."))


class PracticeFileForm(Form):
    """A file of practices."""

    file = FileField(gettext("File with practices (TOML)"), [file_chosen])


class OwnPracticeForm(Form):
    """A practice of the company's own, in both languages."""

    name_ko, name_en = (StringField(label, [required()]) for label in LABELS["name"])
    what_ko, what_en = (TextAreaField(label, [required()]) for label in LABELS["what"])
    why_ko, why_en = (TextAreaField(label, [required()]) for label in LABELS["why"])
    source_ko, source_en = (StringField(label, [required()]) for label in LABELS["source"])
    first_step_ko, first_step_en = (TextAreaField(label, [required()]) for label in LABELS["first_step"])
    next_wave_ko, next_wave_en = (TextAreaField(label, [required()]) for label in LABELS["next_wave"])
    asks_ko = StringField(gettext("What a wave may ask of it, in Korean"), [at_most(60)])
    asks_en = StringField(gettext("What a wave may ask of it, in English"), [at_most(120)])
    motives = ChoicesField(gettext("Motives it speaks to"), [required(gettext("Choose at least one motive."))])
    facets = ChoicesField(gettext("Behaviour it speaks to"))

    @classmethod
    def of(cls, one: Practice) -> "OwnPracticeForm":
        """Return the form of a practice, to be mended."""
        worded = {f"{field}_{lang}": getattr(one, field).get(lang, "") for field in ASKED for lang in ("ko", "en")}
        return cls(data={**worded, "motives": list(one.motives), "facets": list(one.facets)})

    def practice(self, practice_id: str) -> Practice:
        """Return what was typed; without an id it is made of the English name, be it written in other letters."""
        texts = {
            field: {lang: " ".join((self[f"{field}_{lang}"].data or "").split()) for lang in ("ko", "en")}
            for field in ASKED
        }
        asks = texts.pop("asks")
        named = re.sub(r"[^a-z0-9]+", "_", texts["name"]["en"].lower()).strip("_0123456789")[:64]
        return Practice(
            id=practice_id or named or f"practice_{sha256(texts['name']['en'].encode()).hexdigest()[:8]}",
            **texts,
            motives=tuple(self.motives.data or ()),
            facets=tuple(self.facets.data or ()),
            asks=asks if any(asks.values()) else {},
        )


ASKED: Final = (*WORDED, "asks")
