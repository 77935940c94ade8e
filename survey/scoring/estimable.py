"""A number that cannot be had is a value with its reason, never a number made up."""

from dataclasses import dataclass

from survey.i18n import Sentence


@dataclass(frozen=True)
class NotEstimable:
    """Stands in the place of a number; `reason.text` is what a publication's record keeps.

    >>> NotEstimable(Sentence("Nobody answered.")).reason.to("en")
    'Nobody answered.'
    """

    reason: Sentence
