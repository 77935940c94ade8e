"""What a unit's sheet of codes is printed from, for the page and for the command."""

from reports.slips import Slips
from survey.services.invitations.codes import grouped
from survey.services.invitations.invitations import CodeSheet


def slips(drawn: CodeSheet, company: str, base_url: str, language: str) -> Slips:
    """Return what the sheet says."""
    return Slips(
        company=company,
        unit=drawn.unit_names[language],
        wave=drawn.wave,
        address=f"{base_url}/s",
        codes=tuple(grouped(code) for code in drawn.codes),
        closes_on=drawn.closes_on,
    )
