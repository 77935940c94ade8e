"""What a process that prints may not do: speak to anybody, or start anything. It reads pages, and hands its own back.

Text that people write is laid out in it by large libraries; were one of them led astray, it would stand in a process
without network, that cannot start another one, and whose memory and time are limited (`reports.child`).
"""

import sys
from typing import Final

_SPEAKS: Final = "socket."
_STARTS: Final = frozenset({"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.fork", "os.forkpty"})


class NotAloneError(PermissionError):
    """A process that prints wanted to speak to somebody, or to start something."""


def be_alone() -> None:
    """Forbid this process network and children, for good: such a hook cannot be taken away again."""
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(_SPEAKS) or event in _STARTS:
        raise NotAloneError(f"a process that prints may not do this: {event}")
