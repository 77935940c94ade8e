"""Today's tree for a page: parents before children, with the people at and below each unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """A unit of today's tree."""

    code: str
    parent: str | None
    names: Mapping[str, str]


@dataclass(frozen=True)
class Branch:
    """A unit, how deep it lies, and how many people are at it and in all below it."""

    node: Node
    depth: int
    here: int
    below: int


def ordered(nodes: Sequence[Node], here: Mapping[str, int]) -> tuple[Branch, ...]:
    """Return the units as a tree is read.

    >>> nodes = [Node("A", "C", {}), Node("B", "A", {}), Node("C", None, {})]
    >>> [(each.node.code, each.depth, each.below) for each in ordered(nodes, {"B": 3, "C": 1})]
    [('C', 0, 4), ('A', 1, 3), ('B', 2, 3)]
    """
    children: dict[str | None, list[Node]] = {}
    for node in sorted(nodes, key=lambda node: node.code):
        children.setdefault(node.parent, []).append(node)
    order: list[tuple[Node, int]] = []
    waiting = [(node, 0) for node in reversed(children.get(None, []))]
    while waiting:
        node, depth = waiting.pop()
        order.append((node, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(node.code, []))]
    below = {node.code: here.get(node.code, 0) for node, _ in order}
    for node, _ in reversed(order):
        if node.parent is not None:
            below[node.parent] += below[node.code]
    return tuple(Branch(node, depth, here.get(node.code, 0), below[node.code]) for node, depth in order)
