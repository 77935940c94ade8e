"""All that docs/performance.md rests on, one after another, each in a process of its own.

    python -m benchmarks          # the short form: smaller numbers of everything, about half an hour on two quiet cores
    python -m benchmarks --full   # what the tables hold: some hours

Prints what each of them prints. Ends with the names of those that failed: of what could not run, or missed its aim.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

SHORT: Final[Mapping[str, Sequence[str]]] = {
    "reports": ["200", "12", "1"],
    "intake": ["100", "1"],
    "scoring": ["200000", "20000"],
    "privacy": [],
    "growth": ["gate"],
    "pages": ["1000", "4"],
    "opening": ["2000", "100"],
    "backups": ["10000"],
    "roster": ["2000", "100"],
}
"""What each is asked for in the short form; in the full one, nothing: it then takes its own numbers."""


def machine() -> str:
    """Say on what this runs."""
    cpu = Path("/proc/cpuinfo").read_text("utf-8")
    names = {line.partition(":")[2].strip() for line in cpu.splitlines() if line.startswith("model name")}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({', '.join(sorted(names)) or platform.machine()}), {memory:.0f} GB, "
        f"Python {platform.python_version()}, Linux {platform.release()}; load before: {load:.1f}"
    )


def main(full: bool) -> None:  # noqa: FBT001 - the one choice there is
    """Run them all."""
    print(machine())
    failed = []
    for name, numbers in SHORT.items():
        print(f"\n== python -m benchmarks.{name} {'' if full else ' '.join(numbers)}", flush=True)
        start = perf_counter()
        command = [sys.executable, "-m", f"benchmarks.{name}", *([] if full else numbers)]
        if subprocess.run(command, check=False).returncode:  # noqa: S603 - our own interpreter
            failed.append(name)
        print(f"({perf_counter() - start:.0f} s)")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main("--full" in sys.argv[1:])
