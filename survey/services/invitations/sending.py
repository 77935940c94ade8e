"""How letters leave: one after the other, each noted in a transaction of its own once the mail server has taken it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from survey.i18n import Sentence
from survey.mail import LetterRefused, MailDown, Post
from survey.models import Wave
from survey.services.company import company
from survey.services.here import zone_of
from survey.services.invitations import letter_texts
from survey.services.invitations.letters import Occasion, Reader
from survey.services.waves.frozen_facts import read_by
from survey.services.waves.waves import instrument_of


@dataclass(frozen=True)
class Outbox:
    """Where this installation keeps its issue keys, what letters point to, and how they leave."""

    home: Path
    base_url: str
    post: Post


class Refusal(msgspec.Struct, frozen=True):
    """A letter that the mail server would not take, and why."""

    name: str
    email: str
    reason: Sentence


class Sending(msgspec.Struct, frozen=True):
    """What came of a run: how many letters were accepted, which were not, and why it stopped."""

    accepted: int
    refused: tuple[Refusal, ...]
    stopped: Sentence | None
    """The mail server went away; run again to go on where it stopped."""
    left: int
    """Letters that have not been accepted so far."""

    @property
    def facts(self) -> dict[str, str]:
        """What the audit log keeps of it."""
        return {"accepted": str(self.accepted)} | ({"stopped": "yes"} if self.stopped else {})


class _Patient:
    """Calls a server again that hangs up between two letters, as some do after a hundred, if it had taken any."""

    def __init__(self, hand_over: Callable[[Reader], None]) -> None:
        self._hand_over = hand_over
        self._taken = False

    def hand_over(self, reader: Reader) -> None:
        """Hand over one letter.

        Raises:
            LetterRefused: this one is not taken.
            MailDown: none is at the moment, or nobody can tell whether this one was.
        """
        try:
            self._hand_over(reader)
        except MailDown as down:
            if not (down.between and self._taken):
                raise
            self._taken = False
            self._hand_over(reader)
        self._taken = True


def send_each(
    post: Post,
    readers: Sequence[Reader],
    hand_over: Callable[[Reader], None],
    each: Callable[[int, int], None] = lambda _done, _all: None,
) -> Sending:
    """Hand a letter over to everyone of `readers` until the mail server goes away; `each` is told how many are done.

    `hand_over` sends one letter and notes it; where it raises LetterRefused the next one is tried.
    """
    refused: list[Refusal] = []
    accepted, stopped = 0, None
    patient = _Patient(hand_over)
    try:
        with post:
            for done, reader in enumerate(readers, 1):
                try:
                    patient.hand_over(reader)
                    accepted += 1
                except LetterRefused as error:
                    refused.append(Refusal(reader.name, reader.email, error.sentence))
                each(done, len(readers))
    except MailDown as error:
        stopped = error.sentence
    return Sending(accepted, tuple(refused), stopped, len(readers) - accepted)


def occasion(session: Session, wave: Wave, base_url: str) -> Occasion:
    """Return what all letters of a wave have in common."""
    facts, words = company(session), read_by(session, wave).words
    return Occasion(
        company={"ko": facts.name_ko, "en": facts.name_en},
        base_url=base_url,
        closes_at=wave.closes_at,
        promise={language: tuple(short for short, _ in said.lines) for language, said in words.items()},
        wave=wave.code,
        opens_at=wave.opens_at,
        zone=zone_of(session),
        questions=len(instrument_of(session, wave).asked(wave.practices)),
        extended_from=wave.extended_from,
        texts=letter_texts.own(session),
    )
