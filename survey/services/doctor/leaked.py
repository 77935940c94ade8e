"""The operator's list of passwords that have leaked, where there is one."""

from pathlib import Path

from survey.i18n import Sentence
from survey.services.accounts import breached
from survey.services.doctor.check import Check, fail, ok
from survey.settings import SettingsError


def look(path: Path | None) -> Check | None:
    """Look whether something can be found in the list; None where the operator names none."""
    if path is None:
        return None
    try:
        ordered = breached.in_order(path)
    except SettingsError as error:
        return fail("passwords", Sentence(error.text, error.facts))
    if not ordered:
        return fail(
            "passwords",
            Sentence(
                "The list of leaked passwords at %(path)s is no list of SHA-1 hashes in order: nothing in it is found."
            ),
            Sentence(
                "Name the file that is ordered by hash, such as pwned-passwords-sha1-ordered-by-hash.txt, whole and "
                "unpacked."
            ),
            path=path,
        )
    return ok("passwords", Sentence("New passwords are compared with the list of leaked ones at %(path)s."), path=path)
