"""What is kept. Importing this package registers every table on `Base.metadata`."""

from survey.models.accounts import Account, AuditEntry, Grant, SignIn
from survey.models.base import Base
from survey.models.invitations import Invitation, Token
from survey.models.people import Company, Person, Unit
from survey.models.practices import Adoption
from survey.models.publications import Publication
from survey.models.responses import Comment, Intake, Receipt, Response
from survey.models.waves import RosterEntry, Wave, WaveUnit

__all__ = [
    "Account",
    "Adoption",
    "AuditEntry",
    "Base",
    "Comment",
    "Company",
    "Grant",
    "Intake",
    "Invitation",
    "Person",
    "Publication",
    "Receipt",
    "Response",
    "RosterEntry",
    "SignIn",
    "Token",
    "Unit",
    "Wave",
    "WaveUnit",
]
