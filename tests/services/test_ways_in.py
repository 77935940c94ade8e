import datetime as dt
import threading

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from survey import models
from survey.database import reading, writing
from survey.i18n import Refused
from survey.services.accounts import keeping, sign_ins, signing_in, ways_in
from survey.services.accounts.keeping import Facts
from survey.services.invitations.codes import grouped
from tests import cast
from tests.cast import NOW

NEW = "a boat drifts under it"


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give a database that holds the cast, and Fay, who was invited."""
    with writing(engine) as session:
        cast.load(session)
        keeping.make(session, "fay@example.com", Facts("Fay", "leader", "en"), NOW)
    return engine


def number(session: Session, name: str) -> int:
    """Return the number of somebody's account."""
    return session.scalars(select(models.Account.id).where(models.Account.name == name)).one()


def code_for(company: Engine, name: str, now: dt.datetime = NOW) -> str:
    """Send somebody a code; return what the letter says."""
    code = ways_in.new_code()
    with writing(company) as session:
        ways_in.keep(session, number(session, name), code, now)
    return grouped(code)


def use(company: Engine, code: str, now: dt.datetime = NOW, password: str = NEW) -> str:
    """Choose a password; return what came of it."""
    try:
        with writing(company) as session:
            return ways_in.use(session, code, password, now).name
    except Refused as refused:
        return refused.sentence.text


def test_a_letter_lets_somebody_in_once(company: Engine) -> None:
    """Fay chooses a password and signs in with it; the code is good for nothing any more."""
    code = code_for(company, "Fay")
    assert use(company, code.lower().replace("-", " ")) == "Fay"
    with writing(company) as session:
        assert signing_in.sign_in(session, "fay@example.com", NEW, NOW)
    assert use(company, code) == ways_in.DEAD.text


def test_only_the_hash_of_a_code_is_kept(company: Engine) -> None:
    """Whoever reads the database cannot get in."""
    code = code_for(company, "Fay").replace("-", "")
    with reading(company) as session:
        kept = session.scalars(select(models.WayIn.hash)).one()
    assert (len(code), len(kept), code in kept) == (ways_in.LENGTH, 64, False)
    assert use(company, kept) == ways_in.DEAD.text


@pytest.mark.parametrize(
    ("name", "lasts"), [("Fay", ways_in.INVITED), ("Ada", ways_in.FORGOTTEN)], ids=["invited", "forgotten"]
)
def test_a_letter_ends(company: Engine, name: str, lasts: dt.timedelta) -> None:
    """Seven days for somebody who was invited, one hour for somebody who forgot her password."""
    code = code_for(company, name)
    assert use(company, code, NOW + lasts) == ways_in.DEAD.text
    assert use(company, code, NOW + lasts - dt.timedelta(seconds=1)) == name


def test_a_code_is_used_once_by_two_browsers(company: Engine) -> None:
    """Pressed in two windows at once, it sets one password."""
    code, came = code_for(company, "Fay"), list[str]()
    gate = threading.Barrier(2)

    def press(word: str) -> None:
        gate.wait()
        came.append(use(company, code, password=f"{word} drifts under it"))

    threads = [threading.Thread(target=press, args=(word,)) for word in ("boat", "leaf")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == sorted(["Fay", ways_in.DEAD.text])


def test_a_new_password_ends_browsers_and_other_letters(company: Engine) -> None:
    """Whoever held Ada's old password, or a letter to her, is out."""
    first, second = code_for(company, "Ada"), code_for(company, "Ada")
    with writing(company) as session:
        cookie = sign_ins.let_in(session, number(session, "Ada"), NOW, second_step=True)
    assert use(company, second) == "Ada"
    with reading(company) as session:
        assert sign_ins.account_of(session, cookie, NOW) is None
        last = session.scalars(select(models.AuditEntry).order_by(models.AuditEntry.id.desc())).first()
        assert last is not None
        assert (last.act, last.account_id) == ("password chosen", number(session, "Ada"))
    assert use(company, first) == ways_in.DEAD.text


def test_after_closing_a_letter_opens_nothing(company: Engine) -> None:
    """Neither one that was out before, nor one that was leaving at that moment, nor the old one after reopening."""
    before = code_for(company, "Fay")
    with writing(company) as session:
        keeping.close(session, number(session, "Fay"), NOW)
    meanwhile = code_for(company, "Fay")
    assert {use(company, code) for code in (before, meanwhile)} == {ways_in.DEAD.text}
    with writing(company) as session:
        keeping.reopen(session, number(session, "Fay"), NOW)
    assert {use(company, code) for code in (before, meanwhile)} == {ways_in.DEAD.text}


def test_a_code_of_a_closed_account_is_dead_even_where_its_row_is_left(company: Engine) -> None:
    """The account is looked at, not only the letter."""
    code = code_for(company, "Fay")
    with writing(company) as session:
        session.execute(update(models.Account).where(models.Account.name == "Fay").values(active=False))
    assert use(company, code) == ways_in.DEAD.text


def test_another_new_password_ends_letters(company: Engine) -> None:
    """Whether somebody else set it or Ada herself changed it: a letter that lies about opens nothing."""
    code = code_for(company, "Ada")
    with writing(company) as session:
        signing_in.set_password(session, "ada@example.com", NEW)
    assert use(company, code) == ways_in.DEAD.text
    code = code_for(company, "Ada")
    with writing(company) as session:
        signing_in.change_password(session, number(session, "Ada"), NEW, "another boat drifts", NOW)
    assert use(company, code) == ways_in.DEAD.text


def test_a_short_password_leaves_the_code_good(company: Engine) -> None:
    """A slip costs nobody her letter."""
    code = code_for(company, "Fay")
    assert use(company, code, password="short").startswith("A password has at least")
    assert use(company, code) == "Fay"


def test_what_is_no_code_is_refused_like_any_other(company: Engine) -> None:
    """One sentence for mistyped, unknown, used and ended."""
    typed = ("", "0000", "0" * 27, "0" * 28, "x" * 400, "'; DROP TABLE way_in; --", "\u0000")
    assert {use(company, each) for each in typed} == {ways_in.DEAD.text}


def test_ended_letters_do_not_pile_up(company: Engine) -> None:
    """A new letter sweeps out what has ended of the same account."""
    code_for(company, "Ada")
    code_for(company, "Ada", NOW + ways_in.FORGOTTEN)
    with reading(company) as session:
        assert len(session.scalars(select(models.WayIn)).all()) == 1
