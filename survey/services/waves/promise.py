"""The promise in the words that respondents read, and its limits. `frozen_promise` keeps them as they were read."""

from dataclasses import dataclass
from typing import Final

from survey.i18n import Sentence


@dataclass(frozen=True)
class Line:
    """One line of the promise: what it says in a few words, and in full."""

    short: Sentence
    full: Sentence


def promise(k: int, months: int, detail_k: int = 10, *, sealed: bool = False) -> tuple[Line, ...]:
    """Return the six lines of a wave's promise.

    Args:
        k: the fewest people that a published number speaks about.
        months: how long answers are kept after the close.
        detail_k: the fewest people of whom details are shown.
        sealed: whether answers are encrypted on arrival.
    """
    return (
        SEALED if sealed else MIXED,
        Line(
            Sentence("No result speaks about fewer than %(k)s people.", {"k": k}),
            Sentence(
                "For example: if %(fewer)s people of a team answer, that team gets no numbers of its own. Nor can "
                "anybody work them out by taking the other teams away from the whole: before anybody sees a result, "
                "all results are checked together for that. Details, such as how far apart the answers of a team are, "
                "are shown only where %(detail_k)s people or more answered.",
                {"fewer": k - 1, "detail_k": detail_k},
            ),
        ),
        CLOSED,
        SEEN,
        Line(
            ONE_MONTH if months == 1 else MONTHS.fill(months=months),
            Sentence(
                "Published results stay. Until you send your answers, they are on your own device only. Once you see "
                "our thanks they have arrived safely, and they count exactly once. A receipt lets you check that."
            ),
        ),
        FREE,
    )


MONTHS: Final = Sentence("Answers are deleted %(months)s months after the close.")
ONE_MONTH: Final = Sentence("Answers are deleted one month after the close.")
MIXED: Final = Line(
    Sentence("After the close nobody can tell which answers are yours."),
    Sentence(
        "No name, time, address or device is kept with an answer. When the survey closes, all answers are mixed, like "
        "slips of paper in a box. From then on nobody can find yours again, not even HR or the people who run the "
        "computers. What somebody could find out before that stands below, under “What we do not promise”."
    ),
)
SEALED: Final = Line(
    Sentence("Nobody can tell which answers are yours."),
    Sentence(
        "Your answers are locked the moment they arrive, like a letter in a sealed box. While the survey is open the "
        "people who run the computers cannot read them. After the close a keyholder opens the box once, the answers "
        "are mixed, and the key of this survey is destroyed. No name, time, address or device is kept with them."
    ),
)
CLOSED: Final = Line(
    Sentence("There are no results before the close."),
    Sentence(
        "Until then nobody sees any, not even in part. HR sees only roughly how many people of larger groups "
        "take part. This promise, and who belongs to which group, were fixed when the survey opened: the "
        "program refuses to weaken them, and a secret change comes to light. If published results are grouped "
        "in another way later, the same limits hold."
    ),
)
SEEN: Final = Line(
    Sentence("It is settled who sees what."),
    Sentence(
        "Leaders see the published results of their own part of the company, and those of the company as a "
        "whole to compare. HR sees all published results. One person's answers are shown to nobody. What you "
        "write in your own words is mixed with what others wrote, and shown only where ten people or more "
        "answered."
    ),
)
FREE: Final = Line(
    Sentence("Taking part is up to you, and staying away has no consequence."),
    Sentence("You may skip any question. There is no list of who answered."),
)


def limits(*, sealed: bool = False) -> tuple[Sentence, ...]:
    """Return what we do not promise."""
    return (*LIMITS[:2], *(WHILE_SEALED if sealed else WHILE_OPEN), *LIMITS[2:])


SPARE: Final = Sentence(
    "A spare code for a lost letter can be followed in the same way, not only for 48 hours but until the close: "
    "whoever can read the server's disk, and knows to whom the spare code went, could tell that it is yours."
)
LIMITS: Final = (
    Sentence(
        "Whoever watches the server (the computer that takes the answers) at the very moment you send, or has "
        "secretly changed its program, can see what arrives."
    ),
    Sentence(
        "Whoever reads your mail, the mail server, or the file that makes the codes can tell which code is yours. That "
        "file is destroyed once the letters are out, after 48 hours at the latest."
    ),
    Sentence("Whoever looks over your shoulder, or watches the screen of a company device, sees what you see."),
    Sentence(
        "If you are the only newcomer of your team, somebody may try to guess your answers from what changed since "
        "last time. We hide such changes where we can, but cannot rule the guess out."
    ),
    Sentence("If everybody in a small team answers, the number of answers shows that everybody took part."),
    Sentence("Colleagues who tell each other their own answers know more than the results say."),
    Sentence("What you write in your own words may be recognised by its content or style."),
)
WHILE_OPEN: Final = (
    Sentence(
        "While the survey is open, answers lie on the server's disk without names, but not locked. Somebody who can "
        "read that disk could see them, and perhaps guess from their order whose they are. With the file that makes "
        "the codes, or a copy made during its 48 hours, they could know it. This ends with the close: then the order "
        "goes, and so does everything that recognises a code."
    ),
    SPARE,
)
WHILE_SEALED: Final = (
    Sentence(
        "While the survey is open, somebody who can read the server's disk and has the file that makes the codes, or a "
        "copy made during its 48 hours, could see that you answered, but not what."
    ),
    SPARE,
    Sentence(
        "A keyholder's key opens the answers. Keyholders keep their keys outside of the server; a keyholder who could "
        "also read its disk might open them before the close."
    ),
)


REHEARSAL: Final = (
    Line(
        Sentence("This is a rehearsal: answers will be deleted."),
        Sentence(
            "It ends after seven days at the latest. Then all answers are deleted at once, with their receipts and "
            "comments. Nothing of it is counted, shown or kept."
        ),
    ),
    Line(
        Sentence("Only a few people were asked."),
        Sentence(
            "HR chose them to try letter, code and questions before everybody is asked. The real survey comes later."
        ),
    ),
    Line(
        Sentence("Please try everything."),
        Sentence(
            "Go back and forth, skip questions, stop and come back, use your phone. Tell HR what you did not "
            "understand or what did not work. Nobody needs to know what you answered."
        ),
    ),
)
"""What stands in the promise's place."""
REHEARSAL_LIMITS: Final = (*LIMITS[:2], WHILE_OPEN[0], LIMITS[2])


def in_numbers(k: int, months: int, detail_k: int, *, strict: bool) -> tuple[tuple[Sentence, Sentence], ...]:
    """Return the facts of a wave as a label and what it is, for everybody to look up."""
    people = Sentence("%(k)s people or more")
    found = [
        (Sentence("Results are shown from"), people.fill(k=k)),
        (Sentence("Details are shown from"), people.fill(k=detail_k)),
        (Sentence("Answers are deleted"), _after_close(months)),
    ]
    if strict:
        found.append(
            (
                Sentence("Small teams that one or two people joined or left"),
                Sentence("are shown only together with other teams"),
            )
        )
    return tuple(found)


def _after_close(months: int) -> Sentence:
    if months == 1:
        return Sentence("one month after the close")
    return Sentence("%(months)s months after the close", {"months": months})
