"""What the whole company's answers say about the numbers themselves, put together for the record."""

from survey.privacy.evidence import Evidence
from survey.privacy.scored import Scored


def evidence(scored: Scored) -> Evidence:  # noqa: ARG001 - parts come one by one
    """Return the statistics of scales, units and links, each rounded for good, or why it cannot be had."""
    return Evidence()
