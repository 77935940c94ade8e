"""Where comments may be read: at one unit each, where enough people may have written them and enough of them wrote.

A comment is kept at the unit above the one its writer answered for. It is read there, or pooled with others further
up, or nowhere (design 6.2 rule 10, docs/decisions/0029-comments.md). Counts alone decide, never what was written.
"""

from collections.abc import Mapping
from typing import Final

from survey.privacy.tree import Tree

FEWEST: Final = 3
"""Comments that are read together, at least."""


def coarse(tree: Tree, report_unit: str) -> str:
    """Return the unit at which the comments of a report unit are kept: the one above, or itself at the top."""
    return tree.parent(report_unit) or report_unit


def read_at(
    tree: Tree, shown: Mapping[str, int], people: Mapping[str, int], comments: Mapping[str, int], least: int
) -> dict[str, str]:
    """Return where the comments kept at each unit are read; those of a unit that is missing are read by nobody.

    Comments are read at the lowest unit that is shown from `least` people on and where, together with all others that
    wait there, three or more wait and `least` people may have written them: the people of every report unit whose
    comments are kept where one that waits is kept. Who stands at a unit below that shows its own is none of them.

    Args:
        tree: the frozen tree
        shown: by unit that the publication shows, the people its numbers rest on
        people: by report unit, how many answered there
        comments: by unit, how many comments are kept there
        least: the second threshold of the wave, 10 or more
    """
    writers = dict.fromkeys(tree.codes, 0)
    for unit, count in people.items():
        writers[coarse(tree, unit)] += count
    waiting: dict[str, list[str]] = {code: [code] if comments.get(code) else [] for code in tree.codes}
    found: dict[str, str] = {}
    for code in reversed(tree.codes):
        here, parent = waiting[code], tree.parent(code)
        enough = sum(comments[kept] for kept in here) >= FEWEST and sum(writers[kept] for kept in here) >= least
        if enough and shown.get(code, 0) >= least:
            found.update(dict.fromkeys(here, code))
        elif parent is not None:
            waiting[parent] += here
    return found
