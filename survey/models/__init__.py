"""What is kept. Importing this package registers every table on `Base.metadata`.

The tables of answers are registered, and not handed out: only `services.responses` imports them, from their own module.
"""

from survey.models import frozen, responses  # noqa: F401 - triggers and tables are registered
from survey.models.accounts import Account, AuditEntry, Grant, Passkey, RecoveryCode, SignIn, UsedChallenge, WayIn
from survey.models.base import Base
from survey.models.instruments import Instrument
from survey.models.invitations import Invitation, LetterText, Spare, Token
from survey.models.keyholders import Keyholder, WaveKey
from survey.models.outcomes import Declaration, Measure, Outcome
from survey.models.people import Company, MailServer, Person, Unit
from survey.models.practices import Adoption, CompanyPractice, Mark, Partner, PracticeLetter
from survey.models.publications import Notice, OpenPage, Publication, PublishedUnit, SecondCut, Share
from survey.models.runs import Run, RunPart
from survey.models.waves import Rehearser, RosterEntry, Wave, WaveUnit

__all__ = [
    "Account",
    "Adoption",
    "AuditEntry",
    "Base",
    "Company",
    "CompanyPractice",
    "Declaration",
    "Grant",
    "Instrument",
    "Invitation",
    "Keyholder",
    "LetterText",
    "MailServer",
    "Mark",
    "Measure",
    "Notice",
    "OpenPage",
    "Outcome",
    "Partner",
    "Passkey",
    "Person",
    "PracticeLetter",
    "Publication",
    "PublishedUnit",
    "RecoveryCode",
    "Rehearser",
    "RosterEntry",
    "Run",
    "RunPart",
    "SecondCut",
    "Share",
    "SignIn",
    "Spare",
    "Token",
    "Unit",
    "UsedChallenge",
    "Wave",
    "WaveKey",
    "WaveUnit",
    "WayIn",
]
