import datetime as dt

import pytest
from sqlalchemy.orm import Session

from survey.i18n import Refused
from survey.services.practices.register import Adoption, adopt, adoptions
from tests import cast

STAND_UPS = Adoption("NORTH", "stand_ups", cast.TODAY, "Di")


@pytest.fixture
def company(session: Session) -> Session:
    """Give a session on a database that holds the cast."""
    cast.load(session)
    return session


def test_adopted_practices_are_listed_from_their_day_on(company: Session) -> None:
    """A practice counts from the day it began; by unit and practice."""
    later = Adoption("CARE", "one_loop", cast.TODAY + dt.timedelta(days=30), "")
    adopt(company, STAND_UPS)
    adopt(company, later)
    assert adoptions(company, cast.TODAY - dt.timedelta(days=1)) == ()
    assert adoptions(company, cast.TODAY) == (STAND_UPS,)
    assert adoptions(company, cast.TODAY + dt.timedelta(days=30)) == (later, STAND_UPS)


def test_noting_it_again_mends_day_and_owner(company: Session) -> None:
    """A unit has a practice once."""
    adopt(company, STAND_UPS)
    mended = Adoption("NORTH", "stand_ups", cast.TODAY - dt.timedelta(days=3), "Eun")
    adopt(company, mended)
    assert adoptions(company, cast.TODAY) == (mended,)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (Adoption("NOWHERE", "stand_ups", cast.TODAY, ""), "There is no unit NOWHERE"),
        (Adoption("NORTH", "karaoke", cast.TODAY, ""), "no practice karaoke. It has: feedback_to_all"),
        (Adoption("NORTH", "stand_ups", cast.TODAY, "x" * 201), "longer than 200"),
    ],
)
def test_what_is_not_in_the_register_is_refused(company: Session, wrong: Adoption, sentence: str) -> None:
    """Unit and practice must exist."""
    with pytest.raises(Refused, match=sentence):
        adopt(company, wrong)
