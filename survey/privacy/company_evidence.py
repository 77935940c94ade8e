"""What the whole company's answers say about the numbers themselves, put together for the record."""

from survey.privacy.driver_evidence import driver_evidence
from survey.privacy.evidence import Evidence
from survey.privacy.link_evidence import axes, link_details
from survey.privacy.scored import Scored
from survey.privacy.shrunken import group_evidence
from survey.scoring.estimable import NotEstimable
from survey.scoring.link import Link


def evidence(scored: Scored, link: Link | NotEstimable) -> Evidence:
    """Return the statistics of scales, units and links, each rounded for good, or why it cannot be had."""
    return Evidence(
        groups=group_evidence(scored), axes=axes(link), link=link_details(scored, link), drivers=driver_evidence(scored)
    )
