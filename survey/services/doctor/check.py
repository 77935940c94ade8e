"""What looking at one point of an installation came to. Pure."""

from typing import Final, Literal

import msgspec

from survey.i18n import Sentence

Level = Literal["ok", "warn", "fail"]
WORDS: Final[dict[Level, Sentence]] = {
    "ok": Sentence("ok"),
    "warn": Sentence("look"),
    "fail": Sentence("fault"),
}


class Check(msgspec.Struct, frozen=True):
    """One point: what it is called, how it stands, and what to do where it does not stand well."""

    name: str
    """A word that stays the same, for programs that read the report."""
    level: Level
    said: Sentence
    cure: Sentence | None = None

    def line(self, language: str) -> str:
        """Say it in one line."""
        cure = f" {self.cure.to(language)}" if self.cure else ""
        return f"{WORDS[self.level].to(language):<6}{self.name:<14}{self.said.to(language)}{cure}"


def ok(name: str, said: Sentence, **facts: object) -> Check:
    """Return that a point stands well."""
    return Check(name, "ok", said.fill(**facts))


def warn(name: str, said: Sentence, cure: Sentence, **facts: object) -> Check:
    """Return that a point is worth a look."""
    return Check(name, "warn", _filled(said, facts), _filled(cure, facts))


def fail(name: str, said: Sentence, cure: Sentence | None = None, **facts: object) -> Check:
    """Return that a point is at fault: something does not work, or a promise is in danger."""
    return Check(name, "fail", _filled(said, facts), _filled(cure, facts) if cure else None)


def _filled(sentence: Sentence, facts: dict[str, object]) -> Sentence:
    """Give a sentence those facts that it has a place for."""
    return sentence.fill(**{name: fact for name, fact in facts.items() if f"%({name})" in sentence.text})
