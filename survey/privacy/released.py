"""The gate as a type: what may be shown, and what may not with its reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Reason = Literal["small", "complementary"]

_GATE: Final = object()


class Released(Generic[T_co]):
    """A value that passed the gate. Only `survey.privacy` can make one; a house test holds that."""

    __slots__ = ("_value",)

    def __init__(self, value: T_co, *, gate: object) -> None:
        if gate is not _GATE:
            raise TypeError("only survey.privacy can release a value: read it from a publication")
        self._value = value

    @property
    def value(self) -> T_co:
        """The value that may be shown."""
        return self._value

    def __repr__(self) -> str:
        return f"Released({self._value!r})"


class _Later(Released[T_co]):
    """A value that passed the gate, and is fetched at the first look."""

    __slots__ = ("_fetch",)

    def __init__(self, fetch: Callable[[], T_co], *, gate: object) -> None:
        if gate is not _GATE:
            raise TypeError("only survey.privacy can release a value: read it from a publication")
        self._fetch = fetch

    @property
    def value(self) -> T_co:
        """The value that may be shown."""
        return self._fetch()

    def __repr__(self) -> str:
        return f"Released({self.value!r})"


@dataclass(frozen=True)
class Suppressed:
    """Not shown. *small*: fewer people than the threshold; *complementary*: it would give away a small one."""

    reason: Reason


def release(value: T) -> Released[T]:
    """Release a value; to be called inside `survey.privacy` only, for what a verified publication holds."""
    return Released(value, gate=_GATE)


def release_later(fetch: Callable[[], T]) -> Released[T]:
    """Release what `fetch` returns once somebody looks at it; for what a verified head says is shown."""
    return _Later(fetch, gate=_GATE)
