"""An answer in words, for whoever looks her answers over before she sends them."""

from survey.i18n import Sentence
from survey.instruments.model import AnswerScale, Item


def in_words(item: Item, labels: AnswerScale, answer: int, language: str) -> str:
    """Say an answer with the labels of its scale: its own label, or where it stands between two.

    Args:
        item: the question.
        labels: the labels of its numbers; always has the lowest and the highest.
        answer: a number of the item's range.
        language: "ko" or "en".
    """
    marks = {int(number): text[language] for number, text in labels.labels.items()}
    if answer in marks:
        return marks[answer]
    below = max(number for number in marks if number < answer)
    above = min(number for number in marks if number > answer)
    lean = (answer - below) - (above - answer)
    if lean == 0:
        return Sentence("between “%(low)s” and “%(high)s”", {"low": marks[below], "high": marks[above]}).to(language)
    near = below if lean < 0 else above
    if near in item.range:
        return Sentence("close to “%(near)s”", {"near": marks[near]}).to(language)
    if lean < 0:
        return Sentence("a little more than “%(near)s”", {"near": marks[near]}).to(language)
    return Sentence("a little less than “%(near)s”", {"near": marks[near]}).to(language)
