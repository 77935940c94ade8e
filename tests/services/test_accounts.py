import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from survey import models
from survey.database import reading, writing
from survey.i18n import Refused
from survey.services.accounts import passwords, signing_in
from survey.services.accounts.accounts import Account, create_account, visible_units
from survey.services.accounts.grants import give
from survey.services.accounts.sign_ins import IDLE, STAYS, account_of, sign_out
from survey.services.accounts.signing_in import set_password, sign_in
from tests import cast
from tests.cast import NOW, PASSWORD

WRONG = "the wrong password"
TREE = {place.code: place.parent or None for place in cast.PLACES}


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give a database that holds the cast."""
    with writing(engine) as session:
        cast.load(session)
    return engine


@pytest.fixture
def real_price(real_hasher: Callable[[], PasswordHasher], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let passwords cost what they cost outside of tests."""
    monkeypatch.setattr(passwords, "_hasher", real_hasher)
    passwords.nobody.cache_clear()
    yield
    passwords.nobody.cache_clear()


def after(seconds: float) -> dt.datetime:
    """Return a moment so many seconds after the first."""
    return NOW + dt.timedelta(seconds=seconds)


def try_to_sign_in(company: Engine, password: str, at: dt.datetime, email: str = "ada@example.com") -> str | None:
    """Return the secret of a browser that was let in, or None; a refusal undoes its request, as on the web."""
    with suppress(Refused), writing(company) as session:
        return sign_in(session, email, password, at)
    return None


def account(company: Engine, secret: str, at: dt.datetime = NOW) -> Account | None:
    """Return whose browser holds `secret`."""
    with reading(company) as session:
        return account_of(session, secret, at)


def test_the_right_password_opens_the_door(company: Engine) -> None:
    """Ada is let in, whatever the case of her address, and is known by the secret her browser holds."""
    secret = try_to_sign_in(company, PASSWORD, NOW, " Ada@Example.com ")
    assert secret is not None
    ada = account(company, secret)
    assert ada is not None
    assert (ada.name, ada.role, ada.units) == ("Ada", "leader", frozenset({"SALES"}))


def test_only_the_hash_of_a_secret_is_kept(company: Engine) -> None:
    """Whoever reads the database cannot take over a browser."""
    secret = try_to_sign_in(company, PASSWORD, NOW) or ""
    with reading(company) as session:
        kept = session.scalars(select(models.SignIn.hash)).one()
    assert (len(secret) >= 43, len(kept), kept == secret) == (True, 64, False)
    assert account(company, kept) is None


def test_a_browser_is_forgotten_in_time_and_on_request(company: Engine) -> None:
    """A secret ends after an hour in which nothing is done, and at once when she signs out; other browsers stay."""
    first, second = (try_to_sign_in(company, PASSWORD, NOW) or "" for _ in range(2))
    assert account(company, first, NOW + IDLE - dt.timedelta(seconds=1)) is not None
    assert account(company, first, NOW + IDLE) is None
    with writing(company) as session:
        sign_out(session, first)
    assert account(company, first) is None
    assert account(company, second) is not None
    assert account(company, "made up") is None


def test_signing_in_sweeps_out_what_has_ended(company: Engine) -> None:
    """Rows of ended browsers do not pile up."""
    try_to_sign_in(company, PASSWORD, NOW)
    try_to_sign_in(company, PASSWORD, NOW + STAYS)
    with reading(company) as session:
        assert session.scalar(select(func.count()).select_from(models.SignIn)) == 1


def test_each_wrong_password_makes_the_next_try_wait_longer(company: Engine) -> None:
    """Two tries are free; from the third on the wait doubles, up to fifteen minutes."""
    waits, at = [], NOW
    for _ in range(16):
        try_to_sign_in(company, WRONG, at)
        with reading(company) as session:
            until = session.scalars(select(models.Account.locked_until).where(models.Account.name == "Ada")).one()
        waits.append((until - at).total_seconds() if until else 0)
        at = until or at
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]


def test_while_waiting_even_the_right_password_is_refused(company: Engine) -> None:
    """Guesses during the wait are not looked at and not counted; after it the right one is let in."""
    for _ in range(5):
        try_to_sign_in(company, WRONG, NOW)
    assert try_to_sign_in(company, PASSWORD, NOW) is None
    assert try_to_sign_in(company, PASSWORD, after(1)) is not None
    assert try_to_sign_in(company, WRONG, after(1)) is None
    assert try_to_sign_in(company, PASSWORD, after(1)) is not None


def test_a_waiting_account_hinders_no_other(company: Engine) -> None:
    """Guessing at Ada's password does not lock Cy out."""
    for _ in range(6):
        try_to_sign_in(company, WRONG, NOW)
    assert try_to_sign_in(company, PASSWORD, NOW, "cy@example.com") is not None


@pytest.mark.usefixtures("real_price")
def test_an_unknown_address_is_answered_as_a_known_one(company: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sentence, and one password is hashed in every case: neither words nor time tell who has an account."""
    checked: list[str] = []
    real = passwords.fits

    def counted(known: str, password: str) -> bool:
        checked.append(known)
        return real(known, password)

    monkeypatch.setattr(passwords, "fits", counted)
    for _ in range(4):
        try_to_sign_in(company, WRONG, NOW)
    with writing(company) as session, pytest.raises(Refused) as refused:
        sign_in(session, "nobody@example.com", WRONG, NOW)
    assert refused.value.sentence == signing_in.WRONG
    assert len(checked) == 5
    assert (
        extract_parameters(checked[-1])
        == extract_parameters(checked[-2])
        == extract_parameters(PasswordHasher().hash(""))
    )


@pytest.mark.usefixtures("real_price")
def test_a_cheap_hash_is_replaced_when_its_password_is_known(company: Engine) -> None:
    """Hashes follow the times: signing in stores one with today's cost."""
    try_to_sign_in(company, PASSWORD, NOW)
    with reading(company) as session:
        kept = session.scalars(select(models.Account.password_hash).where(models.Account.name == "Ada")).one()
    assert not PasswordHasher().check_needs_rehash(kept)
    assert try_to_sign_in(company, PASSWORD, NOW) is not None


def test_a_new_password_ends_waiting_and_all_browsers(company: Engine) -> None:
    """Who lost a password gets a new one, and whoever used the old one is out."""
    secret = try_to_sign_in(company, PASSWORD, NOW) or ""
    for _ in range(6):
        try_to_sign_in(company, WRONG, NOW)
    with writing(company) as session:
        set_password(session, "ada@example.com", "another boat drifts")
    assert account(company, secret) is None
    assert try_to_sign_in(company, PASSWORD, NOW) is None
    assert try_to_sign_in(company, "another boat drifts", NOW) is not None


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (("", "Fay", "hr", PASSWORD), "is not an e-mail address"),
        (("fay@a b", "Fay", "hr", PASSWORD), "is not an e-mail address"),
        (("ADA@example.com", "Fay", "hr", PASSWORD), "ada@example.com has an account already"),
        (("fay@example.com", " ", "hr", PASSWORD), "needs a name"),
        (("fay@example.com", "Fay", "admin", PASSWORD), "The role is hr, leader, observer or auditor"),
        (("fay@example.com", "Fay", "hr", "short"), "at least 12 characters"),
        (("fay@example.com", "Fay", "hr", PASSWORD, "fr"), "The language is ko or en"),
    ],
)
def test_an_account_that_cannot_be_is_refused(company: Engine, facts: tuple[str, ...], sentence: str) -> None:
    """Each reason has its sentence, and nothing is kept."""
    with writing(company) as session, pytest.raises(Refused, match=sentence):
        create_account(session, *facts)
    with reading(company) as session:
        assert session.scalar(select(func.count()).select_from(models.Account)) == len(cast.ACCOUNTS)


def test_an_account_is_made_and_granted(session: Session) -> None:
    """A new leader sees nothing until a unit is granted, and then that unit; granted twice is granted once."""
    cast.load(session)
    made = create_account(session, "Fay@example.com", "Fay", "leader", "a password of words", "en")
    assert (made.email, visible_units(made, TREE)) == ("fay@example.com", frozenset())
    for _ in range(2):
        made = give(session, "fay@example.com", ["NORTH"], NOW)
    assert (made.units, visible_units(made, TREE)) == (frozenset({"NORTH"}), frozenset({"NORTH"}))


@pytest.mark.parametrize(
    ("email", "unit", "sentence"),
    [
        ("ada@example.com", "NOWHERE", "There is no unit NOWHERE"),
        ("nobody@example.com", "SALES", "Nobody has an account"),
        ("cy@example.com", "SALES", "needs no grant"),
    ],
)
def test_a_grant_that_cannot_be_is_refused(session: Session, email: str, unit: str, sentence: str) -> None:
    """A grant names an account of a leader and a unit of today's tree."""
    cast.load(session)
    with pytest.raises(Refused, match=sentence):
        give(session, email, [unit], NOW)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Ada", {"SALES", "NORTH", "SOUTH"}),
        ("Bo", {"CARE", "PHONE", "CHAT"}),
        ("Cy", set(TREE)),
        ("Eve", set()),
    ],
)
def test_everybody_of_the_cast_sees_her_part_of_the_tree(company: Engine, name: str, seen: set[str]) -> None:
    """Ada sees Sales, Bo sees Care, Cy sees all, and Eve must see nothing."""
    secret = try_to_sign_in(company, PASSWORD, NOW, f"{name.lower()}@example.com") or ""
    found = account(company, secret)
    assert found is not None
    assert visible_units(found, TREE) == seen


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.sets(st.integers(0, 40), max_size=5))
def test_visible_is_what_has_a_grant_on_its_way_to_the_top(above: list[int], granted: set[int]) -> None:
    """For any tree and any grants: a unit is seen if and only if it or one above it is granted."""
    parents = {"0": None} | {str(n): str(parent % n) for n, parent in enumerate(above, 1)}
    leader = Account(1, "x@example.com", "X", "leader", "en", frozenset(map(str, granted)))

    def way_up(code: str | None) -> set[str]:
        return set() if code is None else {code} | way_up(parents[code])

    assert visible_units(leader, parents) == {code for code in parents if way_up(code) & leader.units}
