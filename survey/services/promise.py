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
        Line(Sentence("Nobody can tell which answers are yours."), SEALED if sealed else MIXED),
        Line(
            Sentence("No result speaks about fewer than %(k)s people.", {"k": k}),
            Sentence(
                "For example: if %(fewer)s people of a team answer, that team gets no numbers of its own. Nor can they "
                "be worked out by subtracting one result from another, because all results are checked together before "
                "anybody sees them. Details, such as how far apart the answers of a team are, appear from %(detail_k)s "
                "people on.",
                {"fewer": k - 1, "detail_k": detail_k},
            ),
        ),
        Line(
            Sentence("Results appear once, after the close."),
            Sentence(
                "Before that nobody sees any, not even in part; HR sees only roughly how many people of larger groups "
                "take part. This promise, and who belongs to which group, were fixed when the survey opened. Nobody "
                "can weaken them afterwards: the program refuses to, and a change behind its back comes to light."
            ),
        ),
        Line(
            Sentence("It is settled who sees what."),
            Sentence(
                "Leaders see the published results of their own part of the company, HR those of the whole company. "
                "One person's answers are shown to nobody. What you write in your own words is mixed with what others "
                "wrote, and shown only where ten people or more answered."
            ),
        ),
        Line(
            Sentence("Answers are deleted %(months)s months after the close.", {"months": months}),
            Sentence(
                "Published results stay. Until you send them, your answers are kept in this browser only. Once we have "
                "said thank you they are stored safely and count exactly once; a receipt lets you check that."
            ),
        ),
        Line(
            Sentence("Taking part is free, and staying away has no consequence."),
            Sentence("You may skip any question. Nobody can list who answered."),
        ),
    )


MIXED: Final = Sentence(
    "No name, time, address or device is kept with an answer. When the survey closes, all answers are mixed, like "
    "slips of paper in a box, and get a new order. From then on nobody can find yours again, HR and administrators "
    "included."
)
SEALED: Final = Sentence(
    "Your answers are locked the moment they arrive, like a letter in a sealed box. While the survey is open nobody "
    "can read them, not even an administrator who holds the whole disk. After the close a keyholder opens the box "
    "once, the answers are mixed, and the key is destroyed. No name, time, address or device is kept with them."
)


def limits(*, sealed: bool = False) -> tuple[Sentence, ...]:
    """Return what we do not promise."""
    return (*LIMITS[:2], *(WHILE_SEALED if sealed else WHILE_OPEN), *LIMITS[2:])


LIMITS: Final = (
    Sentence("Whoever watches the running server at the very moment you send can see what arrives."),
    Sentence(
        "Whoever reads your mail, the mail server, or the file that makes the codes can tell which code is yours. That "
        "file is destroyed once the letters are out, after 48 hours at the latest."
    ),
    Sentence("Whoever looks over your shoulder, or watches the screen of a company device, sees what you see."),
    Sentence(
        "If you are the only newcomer of your team, somebody may try to guess your answers from what changed since "
        "last time. We hide such changes where we can, but cannot rule the guess out."
    ),
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
)
WHILE_SEALED: Final = (
    Sentence(
        "While the survey is open, somebody who can read the server's disk and has the file that makes the codes, or a "
        "copy made during its 48 hours, could see that you answered, but not what."
    ),
    Sentence(
        "A keyholder's key opens the answers. Keyholders keep their keys outside of the server; a keyholder who could "
        "also read its disk might open them before the close."
    ),
)


def in_numbers(k: int, months: int, detail_k: int, *, strict: bool) -> tuple[tuple[Sentence, Sentence], ...]:
    """Return the facts of a wave as a label and what it is, for everybody to look up."""
    people = Sentence("%(k)s people or more")
    found = [
        (Sentence("Results are shown from"), people.fill(k=k)),
        (Sentence("Details are shown from"), people.fill(k=detail_k)),
        (Sentence("Answers are deleted"), Sentence("%(months)s months after the close", {"months": months})),
    ]
    if strict:
        found.append(
            (
                Sentence("Small teams that one or two people joined or left"),
                Sentence("are shown only together with other teams"),
            )
        )
    return tuple(found)
