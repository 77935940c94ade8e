"""What the roles are called, and what each opens, in the words of pages and letters."""

from collections.abc import Mapping
from typing import Final

from survey.i18n import Sentence

NAMES: Final[Mapping[str, Sentence]] = {
    "hr": Sentence("HR"),
    "leader": Sentence("Leader"),
    "observer": Sentence("Observer"),
    "auditor": Sentence("Auditor"),
}
OPENS: Final[Mapping[str, Sentence]] = {
    "hr": Sentence("It plans waves, sends letters and publishes results, and sees every unit that may be shown."),
    "leader": Sentence("It shows the results of its part of the company, and notes practices there."),
    "observer": Sentence("It shows the results of its part of the company, and changes nothing."),
    "auditor": Sentence("It shows the audit log and what was promised, and no results of any unit."),
}
