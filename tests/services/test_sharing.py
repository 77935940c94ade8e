"""Who leads or observes is told of results by letter, once, and only of what she may see."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from survey.database import reading, writing
from survey.i18n import Refused
from survey.mail import Post
from survey.models import Account, AuditEntry, Grant, Share
from survey.privacy.released import Released
from survey.services.accounts.accounts import create_account
from survey.services.invitations.sending import Sending
from survey.services.publication import publication, sharing
from survey.services.waves import frozen, waves
from tests.services import rounds
from tests.services.posting import House, Second, plain
from tests.services.rounds import WAVE

LATER = rounds.OVER + dt.timedelta(days=1)


class Published(House):
    """The cast's wave, published, with a mail server."""

    def publish(self) -> None:
        """Let everybody answer, close and publish."""
        for code in self.codes.values():
            rounds.answer(self.engine, rounds.sent(code))
        rounds.close(self.engine)
        with writing(self.engine) as session:
            publication.publish(session, WAVE, LATER)

    def share(self, post: Post | None = None) -> Sending:
        """Tell whoever has not been told."""
        return sharing.share(self.engine, WAVE, self.outbox(post), LATER)

    def audience(self) -> dict[str, tuple[tuple[str, ...], dt.date | None]]:
        """Return who may see what, and since when she has been told."""
        with reading(self.engine) as session:
            wave = waves.wave(session, WAVE)
            found = sharing.audience(session, wave, frozen.frozen_tree(session, wave))
        return {one.name: (one.units, one.told_on) for one in found}


@pytest.fixture
def house(engine: Engine, home: Path) -> Iterator[Published]:
    """Give an installation with published results."""
    with Published.receiving(engine, home) as opened:
        opened.publish()
        yield opened


def test_everybody_who_may_see_results_is_told_once(house: Published) -> None:
    """Ada and Bo lead a unit of the wave; HR and Eve, who sees nothing, get no letter, and nobody gets two."""
    assert house.audience() == {"Ada": (("SALES",), None), "Bo": (("CARE",), None)}
    assert house.share() == Sending(2, (), None, 0)
    assert house.share() == Sending(0, (), None, 0)
    assert sorted(house.box.readers) == ["ada@example.com", "bo@example.com"]
    assert house.audience() == {"Ada": (("SALES",), LATER.date()), "Bo": (("CARE",), LATER.date())}


def test_the_letter_names_units_and_holds_no_number(house: Published) -> None:
    """It says which units, leads to the sign-in, asks not to guess, and tells nothing of what was answered."""
    house.share()
    ada = next(message for message in house.box.messages if message["To"] == "ada@example.com")
    said = plain(ada)
    assert "- Sales" in said.splitlines()
    assert f"/units/?wave={WAVE}&lang=en" in said
    assert "fewer than 5 people" in said
    assert "Care" not in said
    with reading(house.engine) as session:
        figures = publication.publication(session, WAVE).unit("SALES").figures
    assert isinstance(figures, Released)
    assert figures.value.index.text not in said
    assert re.findall(r"\d+\.\d+", said) == []


def test_closed_accounts_auditors_and_lost_units_hear_nothing(house: Published) -> None:
    """Only who can sign in and see some of it is told; a grant on a unit that this wave never had gives nothing."""
    with writing(house.engine) as session:
        session.execute(update(Account).where(Account.name == "Ada").values(active=False))
        for name, role, unit in (("Mo", "observer", "CO"), ("Al", "auditor", ""), ("Lo", "leader", "GONE")):
            made = create_account(session, f"{name}@example.com", name, role, "correct horse battery", "ko")
            if unit:
                session.add(Grant(account_id=made.id, unit_code=unit))
    assert house.audience() == {"Bo": (("CARE",), None), "Mo": (("CO",), None)}


def test_a_run_that_was_stopped_goes_on_and_one_at_a_time_sends(house: Published) -> None:
    """Who was told stays told when the server goes away; a second run meanwhile is refused."""
    second = Second(house.home, house.share)
    assert house.share(second).accepted == 2
    assert second.answers == ["These letters are being sent already."]
    with writing(house.engine) as session:
        told = session.scalars(select(Share)).all()
        session.delete(told[0])
    assert house.share().accepted == 1


def test_results_that_are_not_there_are_not_shared(house: Published) -> None:
    """Before the publication, and for a wave that does not exist, nobody is written to."""
    with pytest.raises(Refused, match="There is no wave"):
        sharing.share(house.engine, "1999-Q1", house.outbox(), LATER)
    assert house.box.messages == []


def test_the_log_tells_which_accounts_and_nobodys_name(house: Published) -> None:
    """An administrative act like any other, one for each letter that was accepted."""
    house.share()
    with reading(house.engine) as session:
        told = [entry.facts for entry in session.scalars(select(AuditEntry)) if entry.act == sharing.SHARED]
        accounts = session.scalars(select(Account.id).where(Account.name.in_(["Ada", "Bo"])).order_by(Account.name))
        assert told == [{"wave": WAVE, "account": str(account)} for account in accounts]
