"""What the kernel does not do for a process that prints: open sockets, start programs, look into other processes.

A filter of system calls (seccomp), which holds for native code as well, and cannot be taken away again. Where the
kernel or the machine knows none, the process goes on without; `reports.alone` forbids the same to Python code anyway.
"""

import ctypes
import errno
import platform
import struct
import sys
from typing import Final

_NO_NEW_RIGHTS: Final = 38
_FILTER_CALLS: Final = 22
_FILTER: Final = 2
_LOAD: Final = 0x20
_IS: Final = 0x15
_FROM: Final = 0x35
_HAS: Final = 0x45
_ANSWER: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000
_NUMBER, _KIND, _FLAGS = 0, 4, 16
"""Where the facts of a call lie: its number, the kind of machine, its first argument."""
_A_THREAD: Final = 0x00010000
"""CLONE_THREAD: what makes a thread and no process."""
_MACHINES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE: Final = {"x86_64": 56, "aarch64": 220}
_CLONE3: Final = 435
"""Answered as unknown: its flags lie in memory, where no filter reads; the C library goes on with the older call."""
_FORBIDDEN: Final = {
    "x86_64": (
        *(41, 42, 43, 44, 46, 49, 50, 53, 288),  # sockets
        *(57, 58, 59, 322),  # fork, vfork, execve, execveat
        *(101, 310, 311, 424, 434, 438),  # ptrace, memory of others, pidfd
        *(62, 200, 234),  # kill and its kin
        *(165, 272, 308, 321, 425, 426, 427),  # mount, unshare, setns, bpf, io_uring
    ),
    "aarch64": (
        *(198, 199, 200, 201, 202, 203, 206, 211, 242),
        *(221, 281),
        *(117, 270, 271, 424, 434, 438),
        *(129, 130, 131),
        *(40, 97, 268, 280, 425, 426, 427),
    ),
}
_ODD: Final = 0x40000000
"""Numbers from here are the same calls once more, under other names (x32)."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def raise_barrier() -> bool:
    """Let the kernel refuse all of that to this process and its threads; tell whether it does."""
    machine = platform.machine()
    if not sys.platform.startswith("linux") or machine not in _MACHINES:
        return False
    steps = _program(machine)
    kept = ctypes.create_string_buffer(steps, len(steps))
    program = _Program(len(steps) // 8, ctypes.cast(kept, ctypes.c_void_p))
    call = ctypes.CDLL(None, use_errno=True).prctl
    return bool(
        call(_NO_NEW_RIGHTS, 1, 0, 0, 0) == 0 and call(_FILTER_CALLS, _FILTER, ctypes.byref(program), 0, 0) == 0
    )


def _program(machine: str) -> bytes:
    """Return the filter, eight bytes a step; a jump counts the steps that are left out."""
    refused = _ANSWER, 0, 0, _REFUSE | errno.EPERM
    steps = [
        (_LOAD, 0, 0, _KIND),
        (_IS, 1, 0, _MACHINES[machine]),
        refused,
        (_LOAD, 0, 0, _NUMBER),
        (_FROM, 0, 1, _ODD),
        refused,
        (_IS, 0, 1, _CLONE3),
        (_ANSWER, 0, 0, _REFUSE | errno.ENOSYS),
        (_IS, 0, 4, _CLONE[machine]),
        (_LOAD, 0, 0, _FLAGS),
        (_HAS, 1, 0, _A_THREAD),
        refused,
        (_ANSWER, 0, 0, _ALLOW),
    ]
    for number in _FORBIDDEN[machine]:
        steps += [(_IS, 0, 1, number), refused]
    steps.append((_ANSWER, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *step) for step in steps)
