import pytest

from benchmarks.rules import RULES, company, rebuilt


@pytest.mark.parametrize("seed", range(3))
def test_only_our_rule_gives_nothing_back(seed: int) -> None:
    """On a company of 1,000 teams the plain rule gives small groups back by subtraction, ours none."""
    tree, counts = company(seed)
    found = {name: rebuilt(tree, counts, rule(tree, counts)) for name, rule in RULES.items()}
    assert len(found["five people or more"]) > 20
    assert found["this product"] == []
