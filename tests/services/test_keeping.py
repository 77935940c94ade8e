import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey import models
from survey.database import reading, writing
from survey.i18n import Refused
from survey.services.accounts import grants, keeping, listing, sign_ins, ways_in
from survey.services.accounts.accounts import Account, visible_units
from survey.services.accounts.keeping import Facts
from survey.services.accounts.listing import PER_PAGE, Find
from tests import cast
from tests.cast import NOW

Act = Callable[[Session, int], Account]


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give a database that holds the cast."""
    with writing(engine) as session:
        cast.load(session)
    return engine


def number(session: Session, name: str) -> int:
    """Return the number of somebody's account."""
    return session.scalars(select(models.Account.id).where(models.Account.name == name)).one()


def acts(session: Session) -> list[tuple[str, dict[str, str]]]:
    """Return what the log says, the first entry first."""
    return [(entry.act, entry.facts) for entry in session.scalars(select(models.AuditEntry).order_by("id"))]


def close(session: Session, account: int) -> Account:
    """Close an account by the command line."""
    return keeping.close(session, account, NOW)


def demote(session: Session, account: int) -> Account:
    """Make somebody of HR a leader by the command line."""
    return keeping.change(session, account, Facts("Cy", "leader", "en"), NOW)


def test_an_account_is_made_without_a_password(company: Engine) -> None:
    """It waits for its letter, opens to no password, not even an empty one, and the log has its number and role."""
    with writing(company) as session:
        made = keeping.make(session, " Fay@Example.com", Facts(" Fay  Park ", "observer", "ko"), NOW, 3)
        kept = session.get_one(models.Account, made.id)
        assert (kept.email, kept.name, kept.password_hash, kept.active) == ("fay@example.com", "Fay Park", "", True)
        assert acts(session) == [("account made", {"account": str(made.id), "role": "observer"})]


IMPOSSIBLE = (
    ("fay@example.com\nBcc: all@example.com", "Fay", "leader"),
    ("fay@example.com\r\n\r\nHello", "Fay", "leader"),
    ("fay@exa mple.com", "Fay", "leader"),
    ("fay@example.com\u2028x", "Fay", "leader"),
    ("f\x00y@example.com", "Fay", "leader"),
    ("fay", "Fay", "leader"),
    ("fay@example.com", "Fay\u202eyaF", "leader"),
    ("fay@example.com", "\u00a0", "leader"),
    ("fay@example.com", "F" * 201, "leader"),
    ("fay@example.com", "Fay", "root"),
    ("ada@example.com", "Fay", "leader"),
)


def test_what_cannot_be_an_account(company: Engine) -> None:
    """No address puts a line of its own into a letter's head, no name runs the other way, nobody has two accounts."""
    with writing(company) as session:
        for email, name, role in IMPOSSIBLE:
            with pytest.raises(Refused):
                keeping.make(session, email, Facts(name, role, "en"), NOW)
        assert len(session.scalars(select(models.Account)).all()) == len(cast.ACCOUNTS)


def test_a_closed_account_is_out_at_once(company: Engine) -> None:
    """Its browsers and letters end with it, its grants and its name stay, and it can be opened again."""
    with writing(company) as session:
        ada = number(session, "Ada")
        cookie = sign_ins.let_in(session, ada, NOW, second_step=True)
        ways_in.keep(session, ada, "0" * ways_in.LENGTH, NOW)
        keeping.close(session, ada, NOW, number(session, "Cy"))
        assert sign_ins.account_of(session, cookie, NOW) is None
        assert session.scalars(select(models.WayIn)).all() == []
        with pytest.raises(Refused, match="closed already"):
            keeping.close(session, ada, NOW)
        opened = keeping.reopen(session, ada, NOW)
        assert opened.units == frozenset({"SALES"})
        assert sign_ins.account_of(session, cookie, NOW) is None
        with pytest.raises(Refused, match="open already"):
            keeping.reopen(session, ada, NOW)
        assert [act for act, _ in acts(session)] == ["account closed", "account opened again"]


@pytest.mark.parametrize("act", [close, demote])
def test_the_last_of_hr_stays(company: Engine, act: Act) -> None:
    """Whoever could lock everybody out is stopped; somebody of HR who was only invited, or is closed, is no help."""
    with writing(company) as session:
        cy = number(session, "Cy")
        invited = keeping.make(session, "new@example.com", Facts("New", "hr", "en"), NOW)
        with pytest.raises(Refused, match="the last account of HR"):
            act(session, cy)
        session.rollback()
    with writing(company) as session:
        invited = keeping.make(session, "new@example.com", Facts("New", "hr", "en"), NOW)
        session.get_one(models.Account, invited.id).password_hash = "chosen"
        assert act(session, cy).id == cy


@pytest.mark.parametrize("act", [close, demote])
def test_two_browsers_cannot_take_the_last_of_hr_away_together(company: Engine, act: Act) -> None:
    """Two of HR close, or demote, each other at the same moment: one of them stays."""
    with writing(company) as session:
        other = keeping.make(session, "two@example.com", Facts("Two", "hr", "en"), NOW)
        session.get_one(models.Account, other.id).password_hash = "chosen"
        pair = (number(session, "Cy"), other.id)
    refused: list[str] = []
    gate = threading.Barrier(2)

    def run(target: int) -> None:
        gate.wait()
        try:
            with writing(company) as session:
                act(session, target)
        except Refused as error:
            refused.append(str(error))

    threads = [threading.Thread(target=run, args=(target,)) for target in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    with reading(company) as session:
        left = session.scalars(select(models.Account).where(models.Account.role == "hr", models.Account.active)).all()
        assert len(left) == 1


@pytest.mark.parametrize("role", ["leader", "auditor", "observer"])
def test_nobody_changes_her_own_role_or_closes_herself(company: Engine, role: str) -> None:
    """Even where there is another one of HR: name and language are her own affair, the role is not."""
    with writing(company) as session:
        other = keeping.make(session, "two@example.com", Facts("Two", "hr", "en"), NOW)
        session.get_one(models.Account, other.id).password_hash = "chosen"
        cy = number(session, "Cy")
        with pytest.raises(Refused, match="your own account"):
            keeping.close(session, cy, NOW, cy)
        with pytest.raises(Refused, match="your own account"):
            keeping.change(session, cy, Facts("Cy", role, "en"), NOW, cy)
        assert keeping.change(session, cy, Facts("Cy Young", "hr", "ko"), NOW, cy).name == "Cy Young"


@pytest.mark.parametrize(("role", "units"), [("observer", {"SALES"}), ("auditor", set()), ("hr", set())])
def test_a_new_role_signs_in_anew_and_keeps_what_fits(company: Engine, role: str, units: set[str]) -> None:
    """An observer keeps the leader's grants; whoever needs none loses them, each with an entry of its own."""
    with writing(company) as session:
        ada = number(session, "Ada")
        cookie = sign_ins.let_in(session, ada, NOW, second_step=True)
        changed = keeping.change(session, ada, Facts("Ada", role, "en"), NOW, number(session, "Cy"))
        assert (changed.role, changed.units) == (role, frozenset(units))
        assert sign_ins.account_of(session, cookie, NOW) is None
        taken = [("grant removed", {"account": str(ada), "unit": "SALES"})] if not units else []
        told = {"account": str(ada)}
        assert acts(session) == [*taken, ("role changed", {**told, "role": role}), ("account changed", told)]


def test_facts_that_cannot_be_are_refused(company: Engine) -> None:
    """A role or a language that is none, an empty name, an account that is none: nothing is written."""
    with writing(company) as session:
        ada = number(session, "Ada")
        for facts in (Facts("Ada", "root", "en"), Facts("Ada", "leader", "fr"), Facts("", "leader", "en")):
            with pytest.raises(Refused):
                keeping.change(session, ada, facts, NOW)
        for act in (keeping.close, keeping.reopen, keeping.sign_out):
            with pytest.raises(Refused, match="no such account"):
                act(session, 10**6, NOW)
        assert acts(session) == []


def test_grants_are_given_and_taken_back(company: Engine) -> None:
    """Several at once, each once and each with its entry; what is not there cannot be taken."""
    with writing(company) as session:
        bo = number(session, "Bo")
        assert grants.give(session, "bo@example.com", ["CARE", "NORTH", "SOUTH"], NOW).units == {
            *("CARE", "NORTH", "SOUTH")
        }
        assert grants.take(session, "bo@example.com", ["CARE"], NOW).units == {"NORTH", "SOUTH"}
        with pytest.raises(Refused, match="has no grant on CARE"):
            grants.take(session, "bo@example.com", ["CARE"], NOW)
        told = [(act, facts["unit"]) for act, facts in acts(session) if facts["account"] == str(bo)]
        assert told == [("unit granted", "NORTH"), ("unit granted", "SOUTH"), ("grant removed", "CARE")]


def test_hr_and_auditors_take_no_grant(company: Engine) -> None:
    """A grant that would mean nothing, or too much, is not written."""
    with writing(company) as session:
        keeping.make(session, "ann@example.com", Facts("Ann", "auditor", "en"), NOW)
        for email, why in (("cy@example.com", "needs no grant"), ("ann@example.com", "takes no grant")):
            with pytest.raises(Refused, match=why):
                grants.give(session, email, ["CO"], NOW)


def test_a_grant_that_was_left_behind_shows_an_auditor_nothing() -> None:
    """Even if a row of the database said so: the role has no results."""
    ann = Account(1, "ann@example.com", "Ann", "auditor", "en", frozenset({"CO"}))
    assert visible_units(ann, {"CO": None, "SALES": "CO"}, {"A+B": ["CO"]}) == frozenset()


def test_units_are_found_by_name_or_code(company: Engine) -> None:
    """In either language, whatever the case; a sign that means something to SQL is a sign like any other."""
    with reading(company) as session:
        assert [unit.code for unit in grants.units_like(session, "", 9)] == ["CO", "CARE", "SALES"]
        assert [unit.code for unit in grants.units_like(session, "sales n", 9)] == ["NORTH"]
        assert [unit.code for unit in grants.units_like(session, "상담", 9)] == ["CHAT", "PHONE"]
        assert [unit.code for unit in grants.units_like(session, "cha", 9)] == ["CHAT"]
        assert grants.units_like(session, "%", 9) == grants.units_like(session, "_", 9) == []
        assert grants.units_like(session, "a" * 100_000, 9) == []
        assert len(grants.units_like(session, "a", 2)) == 2


def test_accounts_are_listed_by_page(company: Engine) -> None:
    """Hundreds are found by name, address, role and state, fifty at a time, in the same few queries."""
    with writing(company) as session:
        extra = [
            models.Account(email=f"x{n}@example.com", name=f"X{n:03}", role="observer", language="ko", password_hash="")
            for n in range(2 * PER_PAGE)
        ]
        session.add_all(extra)
        session.flush()
        keeping.close(session, extra[0].id, NOW)
        ways_in.keep(session, extra[1].id, "1" * ways_in.LENGTH, NOW)
    with reading(company) as session:
        everybody = listing.listed(session, Find(), 1)
        assert (everybody.total, everybody.pages, len(everybody.lines)) == (2 * PER_PAGE + 4, 3, PER_PAGE)
        assert len(listing.listed(session, Find(), 99).lines) == 4
        assert listing.listed(session, Find(words="a" * 100_000), 1).total == 0
        found = listing.listed(session, Find(words="ADA@"), 1).lines
        assert [(line.account.name, set(line.account.units), line.signs_in) for line in found] == [
            ("Ada", {"SALES"}, True)
        ]
        assert listing.listed(session, Find(role="observer", state="closed"), 1).total == 1
        assert listing.listed(session, Find(state="invited"), 1).total == 2 * PER_PAGE - 1
        assert listing.listed(session, Find(state="open"), 1).total == 4
        assert listing.listed(session, Find(words="X001"), 1).lines[0].letter_until == NOW + ways_in.INVITED
        assert listing.one(session, 10**6) is None
