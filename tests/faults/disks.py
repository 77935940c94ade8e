"""A small disk of a test's own: a file with ext4 in it, mounted where this machine allows that.

Where it does not (a container without the right to mount), the folder is an ordinary one, and what a disk would do is
done by other means that give the same errors: a limit on the size of files, a folder in the place of the journal.
"""

import fcntl
import os
import resource
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

SIZE: Final = 16 << 20
PIECE: Final = 4096
GO_DOWN: Final = 0x8004587D
"""EXT4_IOC_SHUTDOWN: from here on nothing reaches the disk any more."""
KEEP_NOTHING: Final = 2
"""EXT4_GOING_FLAGS_NOLOGFLUSH: neither does what the file system itself has not written yet."""


class Disk:
    """A folder that can be filled to the last byte, and that can become one which is only read."""

    def __init__(self, folder: Path, image: Path | None) -> None:
        self.folder, self._image = folder, image
        self._ballast = folder / "ballast"

    @property
    def mounted(self) -> bool:
        """Whether it is a disk of its own."""
        return self._image is not None

    @contextmanager
    def full(self, process: int) -> Iterator[None]:
        """Let there be no room for what a process writes."""
        if self.mounted:
            self._fill()
            yield
            self._ballast.unlink()
            return
        before = resource.prlimit(process, resource.RLIMIT_FSIZE, (PIECE, resource.RLIM_INFINITY))
        yield
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)

    def turn_read_only(self) -> None:
        """Do what the system does with a disk that it finds damaged."""
        if self.mounted:
            device = Path(_said("findmnt", "-no", "SOURCE", str(self.folder)).strip()).name
            Path(f"/sys/fs/ext4/{device}/trigger_fs_error").write_text("a test", "ascii")
        else:
            (self.folder / "survey.db-journal").mkdir()

    def repair(self) -> None:
        """Do what an operator does then, once nobody uses the disk."""
        if self._image is not None:
            _said("umount", str(self.folder))
            # It found and mended what it was to find: 1 is "errors corrected".
            subprocess.run(["fsck.ext4", "-fy", str(self._image)], check=False, capture_output=True)  # noqa: S603, S607 - the system's own
            _mount(self._image, self.folder)
        else:
            (self.folder / "survey.db-journal").rmdir()

    def settle(self) -> None:
        """Have everything on the disk that was written until now."""
        _said("sync", "--file-system", str(self.folder))

    def lose_power(self) -> None:
        """Forget all that nobody has waited for: of what was written only what was synced is left on the disk."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, GO_DOWN, struct.pack("I", KEEP_NOTHING))
        finally:
            os.close(handle)

    def get_power(self) -> None:
        """Mount the disk again, as it was left; no process may have a file of it open."""
        _said("umount", str(self.folder))
        if self._image is not None:
            _mount(self._image, self.folder)

    def _fill(self) -> None:
        with suppress(OSError), self._ballast.open("wb", buffering=0) as file:
            for size in (PIECE, 1):
                with suppress(OSError):
                    while file.write(bytes(size)):
                        pass


@contextmanager
def disk(folder: Path, size: int = SIZE) -> Iterator[Disk]:
    """Give a disk of so many bytes at `folder`, which is made."""
    folder.mkdir()
    image = folder.with_suffix(".ext4")
    if not _can_mount(image, folder, size):
        yield Disk(folder, None)
        return
    try:
        yield Disk(folder, image)
    finally:
        _said("umount", "--lazy", str(folder))  # of a test that failed, a server may still be there


def _can_mount(image: Path, folder: Path, size: int) -> bool:
    image.touch()
    os.truncate(image, size)
    try:
        _said("mkfs.ext4", "-q", "-m", "0", str(image))
        _mount(image, folder)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _mount(image: Path, folder: Path) -> None:
    _said("mount", "-o", "loop,errors=remount-ro", str(image), str(folder))


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - the system's own
