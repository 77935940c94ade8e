"""Who is told of results: leaders and observers who may see any of them, by letter, once HR says so."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

import msgspec
from msgspec.structs import replace
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey import models
from survey.database import reading, writing
from survey.mail import Letter
from survey.privacy.thaw import Publication
from survey.services import audit_log
from survey.services.accounts import account_letters
from survey.services.accounts.account_letters import Sender
from survey.services.company import company
from survey.services.filing import files
from survey.services.here import zone_of
from survey.services.invitations.letters import Reader
from survey.services.invitations.sending import Outbox, Sending, send_each
from survey.services.publication import publication
from survey.services.waves import waves

TOLD: Final = ("leader", "observer")
"""Who is told; HR publishes, and auditors see no results."""
SHARED: Final = "results shared"
"""What the log calls each letter that was accepted."""


class Place(Protocol):
    """A unit of a wave's tree, frozen or published."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def joined(self) -> Mapping[str, Mapping[str, str]]:
        """Where it is a joined group: the names of its units, by code."""


class Listener(msgspec.Struct, frozen=True):
    """An account that may see some of a publication, and since when it has been told."""

    account: int
    name: str
    email: str
    language: str
    role: str
    units: tuple[str, ...]
    """Codes of the granted units that the wave has; whatever is below them is meant too."""
    told_on: dt.date | None


def audience(session: Session, wave: models.Wave, tree: Iterable[Place]) -> tuple[Listener, ...]:
    """Return everybody who may see some unit of a wave's tree and can sign in, by name."""
    holders = _holders(tree)
    shares = select(models.Share.account_id, models.Share.sent_on).where(models.Share.wave_id == wave.id)
    told: dict[int, dt.date] = dict(session.execute(shares).all())
    found: dict[int, tuple[models.Account, dict[str, None]]] = {}
    for account, code in _granted(session):
        if code in holders:
            found.setdefault(account.id, (account, {}))[1][holders[code]] = None
    return tuple(
        Listener(one.id, one.name, one.email, one.language, one.role, tuple(units), told.get(one.id))
        for one, units in found.values()
    )


def share(
    engine: Engine,
    code: str,
    outbox: Outbox,
    now: dt.datetime,
    *,
    each: Callable[[int, int], None] = lambda _done, _all: None,
    by: int | None = None,
) -> Sending:
    """Write to everybody of the audience who has not been told; run it again after a failure.

    Raises:
        Refused: the wave is not published, its results were withdrawn, or another run is under way.
    """
    with files.alone(outbox.home / "sharing.lock"):
        with reading(engine) as session:
            found = publication.publication(session, code)
            wave = waves.wave(session, code)
            waiting = {one.account: one for one in audience(session, wave, found.units) if one.told_on is None}
            names = company(session)
            about = Sender({"ko": names.name_ko, "en": names.name_en}, outbox.base_url, zone_of(session))

        def hand_over(reader: Reader) -> None:
            outbox.post.send(letter(about, waiting[reader.person], found), now)
            with writing(engine) as session:
                session.add(models.Share(wave_id=wave.id, account_id=reader.person, sent_on=now.date()))
                # With the letter, not at the end: a run that is killed has no end.
                audit_log.write(session, now, by, SHARED, wave=code, account=str(reader.person))

        readers = [Reader(one.account, one.name, one.email, one.language) for one in waiting.values()]
        return send_each(outbox.post, readers, hand_over, each)


def letter(about: Sender, listener: Listener, published: Publication) -> Letter:
    """Write the letter that tells somebody of results; no number stands in it."""
    reader = account_letters.Reader(listener.account, listener.email, listener.name, listener.role, listener.language)
    units = [published.unit(code).name(listener.language) for code in listener.units]
    written = account_letters.results(about, reader, published.wave.code, units, published.policy.k)
    # A second copy, after a run that was cut off, is known by its name as the same letter.
    name = f"results\0{published.digest}\0{listener.account}"
    return replace(written, identity=hashlib.sha256(name.encode()).hexdigest()[:32])


def _granted(session: Session) -> Iterable[tuple[models.Account, str]]:
    found = session.execute(
        select(models.Account, models.Grant.unit_code)
        .join(models.Grant, models.Grant.account_id == models.Account.id)
        .where(models.Account.role.in_(TOLD), models.Account.active)
        .order_by(models.Account.name, models.Account.id, models.Grant.unit_code)
    )
    return [(account, code) for account, code in found]


def _holders(tree: Iterable[Place]) -> dict[str, str]:
    """Return which unit of the tree holds the people of a granted one: itself, or the joined group it is part of."""
    places = list(tree)
    joined = {member: place.code for place in places for member in place.joined}
    return {**joined, **{place.code: place.code for place in places}}
