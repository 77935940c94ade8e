"""Every channel, one after the other, and the verdict in words."""

from collections.abc import Iterator, Sequence
from typing import Final

from survey.attack import beside, promised, remains, server, structure, transactions, watching
from survey.attack.chance import FEWEST, LEVEL
from survey.attack.finding import Channel, Finding, Occasion, either
from survey.attack.known import trials, verdict
from survey.attack.open_text import lying_open
from survey.attack.orders import orders
from survey.attack.target import Target
from survey.i18n import Sentence

SEALED_OPEN: Final = "SELECT 1 AS n FROM wave WHERE state = 'open' AND seal_key IS NOT NULL"


def order(target: Target, occasion: Occasion) -> Iterator[Finding]:
    """Test every order of rows against what the auditor knows."""
    if len(occasion.known) < FEWEST:
        yield Finding(
            "untried",
            Sentence(
                "No known answers were given. Stage some (%(fewest)s or more people answer in a known order), and name "
                "them with --known.",
                {"fewest": FEWEST},
            ),
        )
        return
    numbers = {str(row["number"]): at for at, row in enumerate(target.rows("SELECT number FROM person ORDER BY id"))}
    found = list(trials(orders(target), occasion.known, numbers))
    for trial in found:
        facts: dict[str, object] = {
            "table": trial.table,
            "channel": trial.channel,
            "against": trial.against,
            "n": trial.chance.n,
            "p": f"{trial.chance.p:.4f}",
            "right": trial.chance.right,
        }
        # One by one they count as something only where all of them together do.
        yield Finding(
            "found" if trial.chance.p * len(found) <= LEVEL else "nothing",
            Sentence(
                "%(table)s, %(channel)s, against %(against)s: p = %(p)s, %(right)s of %(n)s people guessed right.",
                facts,
            ),
        )
    yield _together(len(found), verdict(found))
    if target.rows(SEALED_OPEN):
        yield either(
            lying_open(target, occasion.known),
            Sentence("%(count)s known answers or comments of a sealed wave lie in the files in the clear."),
            Sentence("None of the known answers and comments lies in the files in the clear."),
        )


def _together(count: int, p: float) -> Finding:
    facts: dict[str, object] = {"count": count, "p": f"{p:.4f}", "level": LEVEL}
    if not count:
        return Finding("untried", Sentence("None of the known answers was recognised among those that are kept."))
    if p <= LEVEL:
        return Finding(
            "found",
            Sentence(
                "All %(count)s tests of order together: p = %(p)s, which is better than chance (%(level)s).", facts
            ),
        )
    return Finding(
        "nothing", Sentence("All %(count)s tests of order together: p = %(p)s, no better than chance.", facts)
    )


CHANNELS: Final = (
    Channel(Sentence("Order of known answers"), order),
    Channel(Sentence("Row numbers and keys"), structure.attack),
    Channel(Sentence("Transaction numbers"), transactions.attack),
    Channel(Sentence("Codes, keys and deleted rows"), remains.attack),
    Channel(Sentence("Files beside the database"), beside.attack),
    Channel(Sentence("The database server"), server.attack),
    Channel(Sentence("The wave that is open"), watching.attack),
    Channel(Sentence("Deletion on time"), promised.deletion),
    Channel(Sentence("The frozen promise"), promised.promise),
    Channel(Sentence("The audit log"), promised.log),
    Channel(Sentence("Published numbers"), promised.publications),
    Channel(Sentence("Comments"), promised.gate),
)


def attack(target: Target, occasion: Occasion) -> Iterator[tuple[Channel, list[Finding]]]:
    """Try every channel."""
    for channel in CHANNELS:
        yield channel, list(channel.attack(target, occasion))


def summary(findings: Sequence[Finding]) -> Sentence:
    """Say what all attempts came to; never that an installation is secure."""
    outcomes = [finding.outcome for finding in findings]
    facts: dict[str, object] = {
        "tried": len(outcomes) - outcomes.count("untried"),
        "found": outcomes.count("found"),
        "possible": outcomes.count("possible"),
        "untried": outcomes.count("untried"),
    }
    if facts["found"]:
        return Sentence(
            "%(found)s of %(tried)s attempts found something that should not be there. Not tried: %(untried)s.", facts
        )
    return Sentence(
        "Nothing found by these %(tried)s attempts, %(possible)s of which tell what can be done for now. Not tried: "
        "%(untried)s. Other attempts might find something.",
        facts,
    )
