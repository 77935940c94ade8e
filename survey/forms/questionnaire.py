"""The questionnaire as a form: one field an item, built from the instrument. Every answer may be left out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from werkzeug.datastructures import MultiDict
from wtforms import Field, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from survey.i18n import Refused, Sentence
from survey.instruments.answers import parse_answer
from survey.instruments.comments import LONGEST, composed, visible
from survey.instruments.model import Item

COMMENT: Final = "comment"
CONTROLS: Final = frozenset({"code", "receipt", "opened", "lang", "speak", "at", "go", "instrument"})
"""Names of the fields that steer the pages."""
OURS: Final = CONTROLS | {COMMENT}
"""Names that no item may have."""


class AnswerField(Field):
    """One item: a whole number of its range, or nothing."""

    data: int | None
    raw_data: list[str] | None

    def __init__(self, item: Item, **binding: Any) -> None:  # noqa: ANN401 - what WTForms binds a field with
        super().__init__(**binding)
        self.item = item

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the answer; what cannot be one becomes a sentence that says what to do."""
        self.data = None
        if len(valuelist) > 1:
            raise ValueError(Sentence("Two answers came in for this question. Choose one."))
        if valuelist:
            try:
                self.data = parse_answer(self.item, valuelist[0])
            except Refused as refused:
                raise ValueError(refused.sentence) from refused


class CommentField(TextAreaField):
    """The one open question. What was typed is always given back, invisible characters left out."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the comment; several become one text, so that nothing typed is lost."""
        typed = composed("\n".join(valuelist))
        self.data = visible(typed)
        if self.data != typed:
            raise ValueError(
                Sentence(
                    "The text held invisible characters, such as marks that turn the direction of writing. They are "
                    "taken out; please look the text over and go on."
                )
            )
        if len(self.data) > LONGEST:
            raise ValueError(
                Sentence(
                    "The text has %(length)s characters; there is room for %(most)s. Please shorten it.",
                    {"length": f"{len(self.data):,}", "most": f"{LONGEST:,}"},
                )
            )


class Questionnaire(BaseForm):
    """The answers of one person while she gives them."""

    def __init__(self, items: Sequence[Item], typed: MultiDict[str, str]) -> None:
        self.items = tuple(items)
        names = {item.id for item in items}
        if taken := names & OURS:
            raise ValueError(f"items may not be called {', '.join(sorted(taken))}: pages use the name themselves")
        # What was not sent needs no field: most pages send a few answers, and a field costs more than its answer.
        fields: dict[str, UnboundField[Any]] = {
            item.id: UnboundField(AnswerField, item) for item in items if item.id in typed
        }
        super().__init__(fields | {COMMENT: UnboundField(CommentField)})
        self.strangers = sorted(str(name) for name in typed.keys() - names - OURS)  # a part without a name has None
        """Names of fields that this questionnaire does not ask for."""
        self.process(typed)
        self._given = [field for field in self if isinstance(field, AnswerField)]
        self._answers = {field.name: field.data for field in self._given if field.data is not None}
        self._problems = {
            field.name: cast("Sentence", field.process_errors[0]) for field in self if field.process_errors
        }

    def answers(self) -> dict[str, int]:
        """Return the answers that were given, by item id."""
        return self._answers

    def skipped(self) -> list[str]:
        """Return the ids of the items for which "skip" itself was chosen."""
        return [field.name for field in self._given if field.raw_data == [""]]

    def comment(self) -> str:
        """Return the comment as it will be kept."""
        return (self[COMMENT].data or "").strip()

    def problems(self) -> Mapping[str, Sentence]:
        """Return what cannot be taken as it is, by field: sentences that say what to do."""
        return self._problems
