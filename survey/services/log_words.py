"""What each act of the audit log is called in a reader's words; a house test holds that every act has a sentence.

A sentence may use the facts that are always written with its act; what else is written stands beside it.
"""

import re
from collections.abc import Mapping
from typing import Final

from survey.i18n import Sentence

PLACES: Final = re.compile(r"%\((\w+)\)")
SECONDS: Final = re.compile(r"(?<=T\d\d:\d\d):00\.000000$")
MISSING: Final = "–"

ACTS: Final[Mapping[str, Sentence]] = {
    # the company
    "company named": Sentence("Named the company, or changed what is known of it."),
    "company changed": Sentence("Changed the company’s settings."),
    "mail server set": Sentence("Set how letters leave."),
    "letters kept as files": Sentence("Set that letters are kept as files."),
    # accounts
    "account made": Sentence("Made the account %(account)s."),
    "account changed": Sentence("Changed name, role or language of the account %(account)s."),
    "role changed": Sentence("Changed the role of the account %(account)s."),
    "account closed": Sentence("Closed the account %(account)s."),
    "account opened again": Sentence("Opened the account %(account)s again."),
    "account letters sent": Sentence("Wrote to those who were invited: %(accepted)s letters."),
    "signed in by password": Sentence("Signed in to the account %(account)s with the password alone."),
    "signed in by two steps": Sentence("Signed in to the account %(account)s with password and second step."),
    "signed in by passkey": Sentence("Signed in to the account %(account)s with a passkey."),
    "signed in by provider": Sentence("Signed in to the account %(account)s through the company’s sign-in service."),
    "password refused": Sentence(
        "A wrong password was typed for the account %(account)s (wrong tries so far: %(tries)s)."
    ),
    "closed account tried": Sentence(
        "The right password of the closed account %(account)s was typed; it opens nothing."
    ),
    "page refused": Sentence("The account %(account)s asked for a page that is not open to it."),
    "form refused": Sentence(
        "A form of the account %(account)s was refused: its token was too old, missing or forged."
    ),
    "text refused": Sentence("The account %(account)s sent what no page of ours sends; it was refused."),
    "tries refused": Sentence("The account %(account)s sent the same form too often in a minute; it was refused."),
    "password letter sent": Sentence("A letter for a new password went to the account %(account)s."),
    "password chosen": Sentence("Chose a password for the account %(account)s by the code of a letter."),
    "password set": Sentence("Set a password for the account %(account)s."),
    "signed out everywhere": Sentence("Signed the account %(account)s out everywhere."),
    "second step reset": Sentence("Reset the second step of the account %(account)s."),
    "second step refused": Sentence("A wrong code was typed at the second step of the account %(account)s."),
    "authenticator set up": Sentence("Set up an authenticator app for the account %(account)s."),
    "authenticator removed": Sentence("Removed the authenticator app of the account %(account)s."),
    "recovery codes made": Sentence("Made new recovery codes for the account %(account)s."),
    "recovery code used": Sentence("Used a recovery code of the account %(account)s."),
    "passkey added": Sentence("Added a passkey to the account %(account)s."),
    "passkey removed": Sentence("Removed a passkey of the account %(account)s."),
    "passkey refused": Sentence("A passkey of the account %(account)s was not believed."),
    "own password changed": Sentence("Changed the password of the own account %(account)s."),
    "identity provider linked": Sentence("The company’s sign-in service vouches for the account %(account)s now."),
    "unit granted": Sentence("Let the account %(account)s see the unit %(unit)s."),
    "grant removed": Sentence("Took the unit %(unit)s back from the account %(account)s."),
    "log exported": Sentence("Took the audit log out as a file."),
    "head mailed": Sentence("The head of the log, as it was at entry %(of)s, was mailed to auditors."),
    # the roster
    "roster imported": Sentence("Brought in a roster."),
    "roster exported": Sentence("Took the roster out as a file."),
    "person erased": Sentence("Erased a person from the roster; nobody can tell any more who it was."),
    # waves
    "wave drafted": Sentence("Planned wave %(wave)s."),
    "draft changed": Sentence("Changed the plan of wave %(wave)s."),
    "draft discarded": Sentence("Discarded the plan of wave %(wave)s."),
    "instrument added": Sentence("Brought in the questionnaire %(instrument)s."),
    "instrument deleted": Sentence("Deleted the questionnaire %(instrument)s, which no wave used."),
    "rehearsal planned": Sentence("Planned the rehearsal %(wave)s of wave %(of)s."),
    "rehearsal closed": Sentence("Ended the rehearsal %(wave)s; its answers were deleted."),
    "wave imported": Sentence("Brought in wave %(wave)s, which was asked elsewhere."),
    "units joined": Sentence("Joined units into the group %(group)s for wave %(wave)s."),
    "joined group undone": Sentence("Undid the joined group %(group)s of wave %(wave)s."),
    "checklist passed": Sentence("Went through the checklist of wave %(wave)s."),
    "opening confirmed": Sentence("Confirmed that wave %(wave)s opens by itself."),
    "opening no longer confirmed": Sentence("Took back that wave %(wave)s opens by itself."),
    "opening held back": Sentence("Wave %(wave)s was not opened by itself: %(why)s"),
    "wave opened": Sentence("Opened wave %(wave)s."),
    "letters sent": Sentence("Sent the letters of wave %(wave)s."),
    "letter changed": Sentence("Reworded the letter %(letter)s."),
    "letter reset": Sentence("Went back to our wording of the letter %(letter)s."),
    "letter tried": Sentence("Sent the letter %(letter)s to try it."),
    "wave extended": Sentence("Extended wave %(wave)s."),
    "extension announced": Sentence("Announced that wave %(wave)s is extended."),
    "codes drawn": Sentence("Printed codes of wave %(wave)s for the unit %(unit)s."),
    "slips voided": Sentence("Counted printed codes of wave %(wave)s that were left over, and made them void."),
    "spare code drawn": Sentence("Drew a spare code of wave %(wave)s for the unit %(unit)s."),
    "reminders begun": Sentence("Began to send reminders of wave %(wave)s."),
    "reminders sent": Sentence("Sent reminders of wave %(wave)s."),
    "wave closed": Sentence("Wave %(wave)s was closed at its end."),
    "wave closed early": Sentence("Closed wave %(wave)s before its announced end."),
    "change refused": Sentence("A change of an opened wave was refused: %(what)s."),
    "promise broken": Sentence("Wave %(wave)s differs from what it promised: %(what)s."),
    "answers deleted": Sentence("The answers of wave %(wave)s were deleted, as promised."),
    "backup key destroyed": Sentence("A key for backups of wave %(wave)s was destroyed, as promised."),
    # keys and backups
    "keyholder added": Sentence("Registered the keyholder with the fingerprint %(keyholder)s."),
    "keyholder removed": Sentence("Removed the keyholder with the fingerprint %(keyholder)s."),
    "wave unsealed": Sentence("Unsealed wave %(wave)s with the key %(keyholder)s."),
    "backup made": Sentence("Made a backup."),
    "backup restored": Sentence("Restored a backup."),
    "database moved": Sentence("Moved everything from one database (%(before)s) to another (%(after)s)."),
    # results
    "wave published": Sentence("Published wave %(wave)s."),
    "publication refused by the audit": Sentence("The check before publication refused wave %(wave)s at %(k)s people."),
    "second cut made": Sentence("Made the second cut %(cut)s of wave %(wave)s."),
    "erratum said": Sentence("Said an erratum about wave %(wave)s."),
    "results withdrawn": Sentence("Withdrew the results of wave %(wave)s."),
    "reports made": Sentence("Had the reports of wave %(wave)s made."),
    "reports printed": Sentence("Printed the reports of wave %(wave)s."),
    "reports handed out": Sentence("Took all reports of wave %(wave)s out as one file."),
    "report handed out": Sentence("Took the report of the unit %(unit)s of wave %(wave)s out."),
    "results handed out": Sentence("Took the published numbers of wave %(wave)s out as a file."),
    "comparison handed out": Sentence("Took a comparison of the units %(units)s up to wave %(wave)s out as a file."),
    "heat map handed out": Sentence("Took the heat map of wave %(wave)s out as a file."),
    "results shared": Sentence("Told the account %(account)s by letter that wave %(wave)s is published."),
    "page opened": Sentence("Opened the page of the unit %(unit)s about wave %(wave)s to everybody."),
    "page closed": Sentence("Closed the page of the unit %(unit)s about wave %(wave)s."),
    # practices, marks, outcomes
    "practice adopted": Sentence("Noted that the unit %(unit)s uses the practice %(practice)s."),
    "practice held": Sentence("Noted that the unit %(unit)s held the practice %(practice)s."),
    "practice paused": Sentence("Noted that the practice %(practice)s rests in the unit %(unit)s."),
    "practice resumed": Sentence("Noted that the practice %(practice)s goes on in the unit %(unit)s."),
    "practice ended": Sentence("Noted that the unit %(unit)s has ended the practice %(practice)s."),
    "practice taken out": Sentence("Took the practice %(practice)s of the unit %(unit)s out of the register."),
    "practice partner named": Sentence("Noted that %(partner)s takes part in %(practice)s of the unit %(unit)s."),
    "practice partner removed": Sentence("Noted that %(partner)s leaves %(practice)s of the unit %(unit)s."),
    "practice letters sent": Sentence("Asked by letter what is still going on before wave %(wave)s: %(accepted)s."),
    "own practice kept": Sentence("Kept the company’s own practice %(practice)s."),
    "own practice retired": Sentence("Offered the company’s own practice %(practice)s no more."),
    "own practices handed out": Sentence("Took the company’s own practices out as a file."),
    "mark noted": Sentence("Marked %(kind)s on the unit %(unit)s."),
    "mark removed": Sentence("Took a mark off the unit %(unit)s."),
    "measure noted": Sentence("Noted the measure %(measure)s."),
    "measure declared": Sentence("Declared the measure %(measure)s."),
    "outcomes brought in": Sentence("Brought in outcomes: %(measures)s."),
}


def said(act: str, facts: Mapping[str, str], accounts: Mapping[str, str]) -> Sentence:
    """Return what an act is called, with its facts; an account by its name, where it is still known.

    >>> str(said("unit granted", {"account": "2", "unit": "SALES"}, {"2": "Ada"}))
    'Let the account Ada see the unit SALES.'
    >>> str(said("wave opened", {}, {})), str(said("unheard of", {}, {}))
    ('Opened wave –.', 'unheard of')
    """
    sentence = ACTS.get(act)
    if sentence is None:
        return Sentence(act)
    values = {**facts, "account": accounts.get(facts.get("account", ""), facts.get("account", MISSING))}
    return sentence.fill(**{name: values.get(name, MISSING) for name in PLACES.findall(sentence.text)})


def rest(act: str, facts: Mapping[str, str]) -> dict[str, str]:
    """Return the facts that the sentence of an act does not say; of times hours and minutes are enough."""
    told = set(PLACES.findall(ACTS[act].text)) if act in ACTS else set()
    return {name: SECONDS.sub("", value) for name, value in facts.items() if name not in told}
