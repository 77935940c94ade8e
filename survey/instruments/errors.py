"""What is wrong in a file that people write: where it stands, and what to do about it."""

from survey.i18n import Refused, Sentence

Fault = tuple[str, Sentence]
"""The place inside the file ("items[3].text.ko"), and what to write instead."""


class InstrumentError(Refused):
    """An instrument (or a register of practices) that cannot be used.

    `file` is the file's name ("" where the value was made in code), `path` the place in it ("items[3].text.ko"),
    `cure` one sentence that says what to write instead; `line` the line it stands in, 0 where that is not known.
    """

    def __init__(self, path: str, cure: Sentence, file: str = "", line: int = 0) -> None:
        self.file = file
        # A name in quotes may hold anything: nothing of a file moves the cursor of whoever reads what is wrong with it.
        self.path = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in path)
        self.cure = cure
        self.line = line
        place: object = ", ".join(part for part in (file, self.path) if part)
        if line:
            place = Sentence("%(place)s, line %(line)s", {"place": place, "line": line})
        super().__init__("%(place)s: %(cure)s", place=place, cure=cure)

    def inside(self, file: str, line: int = 0) -> "InstrumentError":
        """Return the same fault, found in `file`."""
        return InstrumentError(self.path, self.cure, file, line)
