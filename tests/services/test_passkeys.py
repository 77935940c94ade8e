"""Passkeys: what a device proves, and everything a liar might send."""

import dataclasses
import json
from typing import Final

import pytest
from sqlalchemy import Engine, select, update

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import Account, Company, Passkey, UsedChallenge
from survey.services import audit_log
from survey.services.accounts import challenges, passkeys, second_step, sign_ins
from survey.services.accounts.accounts import known, value
from survey.services.accounts.ceremonies import Answer, Site
from survey.services.accounts.passkeys import Offer
from tests import cast
from tests.cast import NOW
from tests.services.device import SITE, Device

SECRET: Final = bytes(range(32))
HERE: Final = Site("survey.example.com", SITE, "Lighthouse Trading")


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Give a database that holds the cast."""
    with writing(engine) as session:
        cast.load(session)
    return engine


def number(company: Engine, name: str = "Ada") -> int:
    """Return the number of somebody's account."""
    with reading(company) as session:
        return known(session, f"{name.lower()}@example.com").id


def asked_to_register(company: Engine, name: str = "Ada") -> Offer:
    """Return what the page asks for a new passkey."""
    with reading(company) as session:
        who = value(session, known(session, f"{name.lower()}@example.com"))
        return passkeys.offer_registration(session, HERE, who, SECRET, NOW)


def asked(company: Engine, name: str = "") -> Offer:
    """Return what the page asks of whoever wants to sign in, or of somebody as her second step."""
    account_id = number(company, name) if name else None
    with reading(company) as session:
        return passkeys.offer(session, HERE, account_id, SECRET, NOW)


def registered(company: Engine, name: str = "Ada", device: Device | None = None) -> Device:
    """Register a device for somebody."""
    device = device or Device()
    offer = asked_to_register(company, name)
    keep(company, Answer(device.create(offer.options), offer.challenge), name)
    return device


def keep(company: Engine, answer: Answer, name: str = "Ada") -> tuple[str, ...]:
    """Send what the browser says of a new passkey."""
    with writing(company) as session:
        return passkeys.register(session, HERE, number(company, name), answer, "phone", SECRET, NOW)


def lets_in(company: Engine, answer: Answer) -> str | None:
    """Sign in with a passkey alone; return whose account it is."""
    with writing(company) as session:
        try:
            cookie = passkeys.sign_in(session, HERE, answer, SECRET, NOW)
        except Refused:
            return None
        account = sign_ins.account_of(session, cookie, NOW)
        return account.name if account else None


def passes(company: Engine, answer: Answer, name: str = "Ada") -> bool:
    """Take somebody's second step with a passkey."""
    account_id = number(company, name)
    with writing(company) as session:
        try:
            passkeys.check(session, HERE, account_id, answer, SECRET, NOW)
        except Refused:
            return False
        return True


def answer(device: Device, offer: Offer, origin: str = SITE) -> Answer:
    """Return what a device answers."""
    return Answer(device.get(offer.options, origin), offer.challenge)


def test_a_passkey_signs_in_alone_and_is_a_second_step(company: Engine) -> None:
    """One passkey is enough for both; the first brings ten recovery codes, a second one none."""
    device, offer = Device(), asked_to_register(company)
    assert len(keep(company, Answer(device.create(offer.options), offer.challenge))) == 10
    assert lets_in(company, answer(device, asked(company))) == "Ada"
    assert passes(company, answer(device, asked(company, "Ada")))
    again = asked_to_register(company)
    assert keep(company, Answer(Device().create(again.options), again.challenge)) == ()
    with reading(company) as session:
        assert second_step.of(session, number(company)).passkeys == 2
        assert second_step.is_asked(session, number(company))


def test_an_answer_is_taken_once(company: Engine) -> None:
    """Whoever copies what went over the wire gets nothing with it, though the device counts nothing."""
    device = registered(company)
    said = answer(device, asked(company))
    with writing(company) as session:
        session.execute(update(Passkey).values(uses=0))
    device.uses = 0
    assert lets_in(company, said) == "Ada"
    with writing(company) as session:
        session.execute(update(Passkey).values(uses=0))
    assert lets_in(company, said) is None


def test_the_same_registration_is_taken_once(company: Engine) -> None:
    """A copied registration adds nothing, for Ada or for anybody else."""
    device, offer = Device(), asked_to_register(company)
    said = Answer(device.create(offer.options), offer.challenge)
    keep(company, said)
    for name in ("Ada", "Bo"):
        with pytest.raises(Refused, match="not added"):
            keep(company, said, name)
    again = asked_to_register(company, "Bo")
    with pytest.raises(Refused, match="registered already"):
        keep(company, Answer(device.create(again.options), again.challenge), "Bo")


def test_a_copied_device_is_noticed(company: Engine) -> None:
    """A count that falls back tells that two devices hold the key: refused, and in the log."""
    device = registered(company)
    copy = dataclasses.replace(device)
    for _ in range(3):
        assert lets_in(company, answer(device, asked(company))) == "Ada"
    assert lets_in(company, answer(copy, asked(company))) is None
    with reading(company) as session:
        assert audit_log.find(session, "passkey refused", account=str(number(company))) is not None


def test_the_passkey_of_another_account_is_no_second_step(company: Engine) -> None:
    """Whoever knows Ada's password cannot go on with a passkey of his own."""
    registered(company)
    bo = registered(company, "Bo")
    assert not passes(company, answer(bo, asked(company, "Ada")))
    assert not passes(company, answer(bo, asked(company, "Bo"))), "not with his own challenge either"
    assert passes(company, answer(bo, asked(company, "Bo")), "Bo")


@pytest.mark.parametrize("origin", ["https://survey.example.org", "http://survey.example.com", f"{SITE}:8443"])
def test_an_answer_for_another_site_is_refused(company: Engine, origin: str) -> None:
    """What a false page was told is good for nothing here."""
    device = registered(company)
    assert lets_in(company, answer(device, asked(company), origin)) is None
    offer = asked_to_register(company)
    with pytest.raises(Refused, match="not added"):
        keep(company, Answer(Device().create(offer.options, origin), offer.challenge))


def test_an_answer_for_another_host_is_refused(company: Engine) -> None:
    """The device says for which host it signs."""
    device, offer = registered(company), asked(company)
    options = json.dumps(json.loads(offer.options) | {"rpId": "example.com"})
    assert lets_in(company, Answer(device.get(options), offer.challenge)) is None


def test_alone_it_has_to_know_who_holds_it(company: Engine) -> None:
    """A key that asks for no finger and no PIN is a second step, and does not sign in alone."""
    device = registered(company, device=Device(verifies=False))
    assert lets_in(company, answer(device, asked(company))) is None
    assert passes(company, answer(device, asked(company, "Ada")))


def test_another_key_cannot_answer(company: Engine) -> None:
    """The name of a passkey is no secret; its private key is."""
    device = registered(company)
    liar = Device(name=device.name)
    assert lets_in(company, answer(liar, asked(company))) is None
    assert lets_in(company, answer(Device(), asked(company))) is None


def test_a_challenge_is_for_one_purpose_and_a_while(company: Engine) -> None:
    """One made for signing in is no second step; one that is old, changed or made elsewhere is none at all."""
    device = registered(company)
    assert not passes(company, answer(device, asked(company)))
    assert lets_in(company, answer(device, asked(company, "Ada"))) is None
    offer = asked(company)
    with writing(company) as session:
        late = NOW + challenges.LASTS
        for signed, secret, at in (
            (offer.challenge, SECRET, late),
            (offer.challenge, bytes(32), NOW),
            ("x", SECRET, NOW),
        ):
            assert challenges.take(session, secret, "sign in", signed, at) is None
        assert challenges.take(session, SECRET, "sign in", offer.challenge, NOW) is not None


def test_used_challenges_are_forgotten_in_time(company: Engine) -> None:
    """What is too old to be taken anyway leaves no row."""
    device = registered(company)
    lets_in(company, answer(device, asked(company)))
    later = NOW + challenges.LASTS
    with writing(company) as session:
        made = challenges.make(SECRET, "sign in", later)
        challenges.take(session, SECRET, "sign in", made.signed, later)
        assert len(session.scalars(select(UsedChallenge)).all()) == 1


def test_a_closed_account_stays_out(company: Engine) -> None:
    """A passkey of somebody who left opens nothing."""
    device = registered(company)
    with writing(company) as session:
        session.execute(update(Account).values(active=False))
    assert lets_in(company, answer(device, asked(company))) is None


def test_ten_are_enough(company: Engine) -> None:
    """An account cannot be filled up."""
    for _ in range(passkeys.MOST):
        registered(company)
    with pytest.raises(Refused, match="10 passkeys at most"):
        registered(company)


def test_a_passkey_is_removed_by_its_owner_only(company: Engine) -> None:
    """Bo cannot remove Ada's; her last stays where the company asks for one, and goes where it does not."""
    registered(company)
    ada, bo = number(company), number(company, "Bo")
    with writing(company) as session:
        (kept,) = passkeys.passkeys(session, ada)
        with pytest.raises(Refused, match="no such passkey"):
            passkeys.remove(session, bo, kept.credential, NOW)
        session.execute(update(Company).values(second_step="everybody"))
        with pytest.raises(Refused, match="only second step"):
            passkeys.remove(session, ada, kept.credential, NOW)
        session.execute(update(Company).values(second_step="nobody"))
        passkeys.remove(session, ada, kept.credential, NOW)
        assert passkeys.passkeys(session, ada) == ()
        assert second_step.of(session, ada).recovery_codes == 0
