"""What was made last is kept, no more than so much of it, and what was asked for longest ago goes first."""

from survey.privacy.lately import Lately


def test_no_more_is_kept_than_so_much() -> None:
    """As many values as are allowed stay; one more, and the one that nobody asked for goes."""
    lately = Lately[str, int](2)
    lately.put("a", 1)
    lately.put("b", 2)
    assert (lately.get("a"), len(lately)) == (1, 2)
    lately.put("c", 3)
    assert (lately.get("a"), lately.get("b"), lately.get("c"), len(lately)) == (1, None, 3, 2)


def test_what_is_kept_again_is_the_latest() -> None:
    """A value put once more replaces the first one, and is not the next to go."""
    lately = Lately[str, int](2)
    for key, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        lately.put(key, value)
    assert (lately.get("a"), lately.get("b"), lately.get("c")) == (3, None, 4)


def test_nothing_is_left_of_what_was_kept() -> None:
    """After `clear` there is nothing, and things can be kept again."""
    lately = Lately[str, int](2)
    lately.put("a", 1)
    lately.clear()
    assert (lately.get("a"), len(lately)) == (None, 0)
    lately.put("a", 2)
    assert lately.get("a") == 2
