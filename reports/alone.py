"""What a process that prints may not do: speak to anybody, start anything, or look into others. It hands pages back.

Text that people write is laid out in it by large libraries; were one of them led astray, it would stand in a process
without network, that cannot start another one, and whose memory and time are limited (`reports.child`). Python code is
told so here; native code meets the kernel's own refusal (`reports.barrier`).
"""

import re
import sys
from functools import cache
from typing import Final

from reports.barrier import raise_barrier

_SPEAKS: Final = "socket."
_OF_OTHERS: Final = re.compile(r"/proc/\d+(/.*)?")
"""What the system tells of processes, their memory and their variables among it; a process itself is `/proc/self`."""
_STARTS: Final = frozenset({"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.fork", "os.forkpty"})


class NotAloneError(PermissionError):
    """A process that prints wanted to speak to somebody, or to start something."""


@cache
def be_alone() -> bool:
    """Forbid this process network and children, for good: neither hook nor filter can be taken away again.

    Returns:
        Whether the kernel refuses it as well.
    """
    refused_by_kernel = raise_barrier()
    sys.addaudithook(_refuse)
    return refused_by_kernel


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        forbidden = isinstance(arguments[0], str) and _OF_OTHERS.fullmatch(arguments[0]) is not None
    else:
        forbidden = event.startswith(_SPEAKS) or event in _STARTS
    if forbidden:
        raise NotAloneError(f"a process that prints may not do this: {event}")
