"""Bombs given to the check of reports: each ends in a sentence, in a child that may not grow, and speaks to nobody."""

import resource
from typing import Final

import pytest

from reports.child import Limits
from reports.verify.apart import checked
from survey.i18n import Refused
from tests.bombs.papers import PAPERS

LIMITS: Final = Limits(memory=3 << 29, seconds=60.0)
"""As the command has them."""


QUICK: Final = (
    "an attachment that unpacks to a quarter of a gigabyte",
    "a page of words without end",
    "arrays in arrays",
    "pages in pages",
)


def test_no_paper_takes_the_check_down(*, bombs: bool) -> None:
    """The sentence says that it is no report, or needs more than one ever does; this process stays as it was."""
    for name in PAPERS if bombs else QUICK:
        paper = PAPERS[name]()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(Refused) as refused:
            checked(paper, LIMITS)
        assert str(refused.value).endswith("."), name
        assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10 < 64 << 20, name
