"""Where a unit lies, as far as the reader may see: the way to it, and its neighbours in the order of the tree."""

from dataclasses import dataclass

from survey.privacy.thaw import Publication, PublishedUnit
from survey.services.accounts.accounts import Account
from survey.web.access import seen_among


@dataclass(frozen=True)
class Around:
    """The units above a unit and beside it, without those that the reader may not see."""

    path: tuple[PublishedUnit, ...]
    """From the top of the reader's own part of the tree."""
    before: PublishedUnit | None
    after: PublishedUnit | None
    above: PublishedUnit | None
    """The nearest unit above that shows results."""


def around(unit: PublishedUnit, publication: Publication, account: Account) -> Around:
    """Return where a unit lies."""
    path = publication.path(unit.code)
    siblings = () if unit.parent is None else publication.children(unit.parent)
    seen = seen_among(account, (*path, *siblings))
    beside = [each for each in siblings if each.code in seen]
    at = next((place for place, each in enumerate(beside) if each.code == unit.code), 0)
    above = publication.published_above(unit.code)
    return Around(
        path=tuple(each for each in path[:-1] if each.code in seen),
        before=beside[at - 1] if at else None,
        after=beside[at + 1] if at + 1 < len(beside) else None,
        above=above if above is not None and above.code in seen else None,
    )


def only_top(account: Account, publication: Publication) -> PublishedUnit | None:
    """Return where the reader's part of the tree begins; None where there are several, or a grant is of no use now."""
    if not all(code in publication for code in account.units):
        return None
    tops = [code for code in account.units if not seen_among(account, publication.path(code)[:-1])]
    return publication.unit(tops[0]) if len(tops) == 1 else None
