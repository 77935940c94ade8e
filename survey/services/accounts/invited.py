"""The letters that let somebody in leave one by one; each is noted once it was accepted, so a run can be resumed."""

import datetime as dt
from collections.abc import Callable, Iterator

from sqlalchemy import ColumnElement, Engine, Select, and_, delete, exists, func, select
from sqlalchemy.orm import Session

from survey import models
from survey.database import reading, writing
from survey.i18n import Refused
from survey.mail import LetterRefused, MailDown, Post
from survey.services import audit_log, company, here
from survey.services.accounts import account_letters, ways_in
from survey.services.accounts.account_letters import Reader, Sender
from survey.services.accounts.accounts import by_email
from survey.services.invitations.sending import Refusal, Sending


def sender(session: Session, base_url: str, *, elsewhere: bool = False) -> Sender:
    """Return who writes; before the company has a name, the survey does."""
    try:
        facts = company.company(session)
        names = {"ko": facts.name_ko, "en": facts.name_en}
    except Refused:
        names = {"ko": "Survey", "en": "Survey"}
    return Sender(names, base_url, here.zone_of(session), elsewhere)


def reader(account: models.Account) -> Reader:
    """Return what a letter says of an account."""
    return Reader(account.id, account.email, account.name, account.role, account.language)


def waiting(session: Session) -> int:
    """Count those who were invited and have not been written to."""
    return session.scalar(select(func.count()).select_from(_waiting().subquery())) or 0


def write_again(session: Session, account_id: int | None, now: dt.datetime) -> int:
    """Let the next run write again to one account, or to all whose letter has ended; return how many wait then.

    Raises:
        Refused: the account is closed, has a password, or belongs to somebody who signs in elsewhere.
    """
    invited = select(models.Account.id).where(_invited())
    if account_id is not None and account_id not in session.scalars(invited).all():
        raise Refused("This account needs no letter: it is closed, or has a way to sign in.")
    ours = models.WayIn.account_id.in_(invited)
    which = models.WayIn.expires_at <= now if account_id is None else models.WayIn.account_id == account_id
    session.execute(delete(models.WayIn).where(ours, which).execution_options(synchronize_session=False))
    return waiting(session)


def send(
    engine: Engine,
    post: Post,
    about: Sender,
    now: dt.datetime,
    by: int | None = None,
    *,
    each: Callable[[int, int], None] = lambda _done, _all: None,
) -> Sending:
    """Write to everybody who was invited and has not been written to, those made meanwhile too.

    `each` is told after every letter how many were tried: nobody knows how many there will be.
    """
    accepted, refused, stopped = 0, list[Refusal](), None
    try:
        with post:
            for to in _next(engine):
                try:
                    _hand_over(engine, post, about, to, now, invited=True)
                    accepted += 1
                except LetterRefused as error:
                    refused.append(Refusal(to.name, to.email, error.sentence))
                each(accepted + len(refused), accepted + len(refused))
    except MailDown as error:
        stopped = error.sentence
    with writing(engine) as session:
        if accepted:
            audit_log.write(session, now, by, "account letters sent", accepted=str(accepted))
        left = waiting(session)
    return Sending(accepted, tuple(refused), stopped, left)


def send_forgotten(engine: Engine, post: Post, about: Sender, email: str, now: dt.datetime) -> bool:
    """Write to somebody who asked for a new password, if there is an open account that has or awaits one.

    Tell whether a letter left; nobody but the caller learns it.
    """
    with reading(engine) as session:
        account = by_email(session, email.strip().lower())
        if account is None or not account.active or (account.subject and not account.password_hash):
            return False
        if ways_in.asked_just_now(session, account, now):
            return False
        to, invited = reader(account), not account.password_hash
    with post:
        _hand_over(engine, post, about, to, now, invited=invited)
    with writing(engine) as session:
        audit_log.write(session, now, None, "password letter sent", account=str(to.id))
    return True


def _hand_over(engine: Engine, post: Post, about: Sender, to: Reader, now: dt.datetime, *, invited: bool) -> None:
    code = ways_in.new_code()
    until = now + (ways_in.INVITED if invited else ways_in.FORGOTTEN)
    post.send(account_letters.way_in(about, to, code, until, invited=invited), now)
    with writing(engine) as session:
        ways_in.keep(session, to.id, code, now)


def _next(engine: Engine) -> Iterator[Reader]:
    """Yield who waits, one after the other, each asked for when the one before is done."""
    last = 0
    while True:
        with reading(engine) as session:
            account = session.scalars(_waiting().where(models.Account.id > last)).first()
            if account is None:
                return
            found = reader(account)
        last = found.id
        yield found


def _waiting() -> Select[models.Account]:
    written = exists().where(models.WayIn.account_id == models.Account.id)
    return select(models.Account).where(_invited(), ~written).order_by(models.Account.id)


def _invited() -> ColumnElement[bool]:
    return and_(models.Account.active, models.Account.password_hash == "", models.Account.subject.is_(None))
