"""SciPy's distribution functions, imported when the first of them is called: the web process starts without them."""

from typing import Any, Final


class _Late:
    """A function of `scipy.special`, by its name there."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: Any = None

    def __call__(self, *values: Any) -> Any:  # noqa: ANN401 - numbers or arrays, as SciPy takes and gives them
        if self._found is None:
            from scipy import special  # noqa: PLC0415 - 17 MB that a process which only asks does not need

            self._found = getattr(special, self._name)
        return self._found(*values)


chdtri: Final = _Late("chdtri")
fdtrc: Final = _Late("fdtrc")
fdtri: Final = _Late("fdtri")
gammaln: Final = _Late("gammaln")
nctdtrinc: Final = _Late("nctdtrinc")
ndtr: Final = _Late("ndtr")
ndtri: Final = _Late("ndtri")
owens_t: Final = _Late("owens_t")
stdtr: Final = _Late("stdtr")
stdtrit: Final = _Late("stdtrit")
