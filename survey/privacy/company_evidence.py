"""What the whole company's answers say about the numbers themselves, put together for the record."""

from msgspec.structs import replace

from survey.privacy.carefulness import carefulness
from survey.privacy.company_figures import link_record, reliability
from survey.privacy.driver_evidence import driver_evidence
from survey.privacy.evidence import Evidence
from survey.privacy.link_evidence import axes, link_details
from survey.privacy.scale_evidence import scale_evidence
from survey.privacy.scored import Scored
from survey.privacy.shrunken import group_evidence
from survey.scoring.estimable import NotEstimable
from survey.scoring.link import Link


def evidence(scored: Scored, link: Link | NotEstimable) -> Evidence:
    """Return the statistics of scales, units and links, each rounded for good, or why it cannot be had."""
    made = Evidence(
        scales=scale_evidence(scored),
        groups=group_evidence(scored),
        axes=axes(link),
        link=link_details(scored, link),
        drivers=driver_evidence(scored),
    )
    return replace(made, carefulness=carefulness(scored, reliability(scored), link_record(link), made))
