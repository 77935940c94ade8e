"""What makes an instrument impossible. Each check yields where the fault stands and the sentence that cures it."""

from survey.instruments.parts import Definition


def check(definition: Definition) -> None:
    """Raise InstrumentError for the first fault of an instrument."""
