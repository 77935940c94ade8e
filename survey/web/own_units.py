"""The units of today's tree that an account may see, as lists to choose from."""

from survey.services.accounts.accounts import visible_units
from survey.services.roster.people import units_today
from survey.web.access import me
from survey.web.database import db
from survey.web.language import language
from survey.web.trees import Branch, Node, ordered


def own_units() -> tuple[Branch, ...]:
    """Return the units of today that the account may see, as a tree is read."""
    units = units_today(db())
    seen = visible_units(me(), {unit.code: unit.parent_code for unit in units})
    nodes = [Node(unit.code, unit.parent_code, {"ko": unit.name_ko, "en": unit.name_en}) for unit in units]
    return tuple(branch for branch in ordered(nodes, {}) if branch.node.code in seen)


def unit_choices(units: tuple[Branch, ...]) -> list[tuple[str, str]]:
    """Return them for a list to choose from, each as deep as it lies."""
    return [(each.node.code, "\u2003" * each.depth + each.node.names[language()]) for each in units]
