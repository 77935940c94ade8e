"""What is kept. Importing this package registers every table on `Base.metadata`.

The tables of answers are registered, and not handed out: only `services.responses` imports them, from their own module.
"""

from survey.models import frozen, responses  # noqa: F401 - triggers and tables are registered
from survey.models.accounts import Account, AuditEntry, Grant, SignIn
from survey.models.base import Base
from survey.models.invitations import Invitation, Spare, Token
from survey.models.keyholders import Keyholder, WaveKey
from survey.models.outcomes import Declaration, Measure, Outcome
from survey.models.people import Company, Person, Unit
from survey.models.practices import Adoption, Mark
from survey.models.publications import Notice, Publication, SecondCut
from survey.models.waves import RosterEntry, Wave, WaveUnit

__all__ = [
    "Account",
    "Adoption",
    "AuditEntry",
    "Base",
    "Company",
    "Declaration",
    "Grant",
    "Invitation",
    "Keyholder",
    "Mark",
    "Measure",
    "Notice",
    "Outcome",
    "Person",
    "Publication",
    "RosterEntry",
    "SecondCut",
    "SignIn",
    "Spare",
    "Token",
    "Unit",
    "Wave",
    "WaveKey",
    "WaveUnit",
]
