"""What the database server itself is set to keep, and what the survey's own role may do there."""

from collections.abc import Iterator

from survey.attack.finding import Finding, Occasion, either
from survey.attack.target import Target
from survey.database import reading
from survey.i18n import Sentence
from survey.traces import traces


def attack(target: Target, _occasion: Occasion) -> Iterator[Finding]:
    """Ask the server for its settings."""
    if target.sqlite:
        yield Finding("nothing", Sentence("SQLite has no server that could keep anything."))
        return
    with reading(target.engine) as session:
        found = traces(session)
    yield either(
        len(found),
        Sentence(
            "The server keeps traces of answers in its logs or archives: %(settings)s.", {"settings": ", ".join(found)}
        ),
        Sentence("The server keeps no commit times and no archive, and logs neither statements nor their values."),
    )
    facts = target.rows(
        "SELECT current_setting('log_error_verbosity') AS words, rolsuper AS super "
        "FROM pg_roles WHERE rolname = current_user"
    )[0]
    if facts["words"] != "terse":
        yield Finding(
            "possible",
            Sentence(
                "If a row ever broke a rule of its table, the server would write it into its log. Set "
                "log_error_verbosity = terse for the survey's database to rule that out."
            ),
        )
    if facts["super"]:
        yield Finding(
            "possible",
            Sentence(
                "This attack signed in as a superuser. The survey itself does not need that: give it a role of its own."
            ),
        )
