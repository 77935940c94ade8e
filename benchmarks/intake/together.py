"""Measure what a second process brings, on both databases.

    python -m benchmarks.intake.together [PROCESSES [ANSWERS [ROUNDS]]]

`survey serve` with one process and with PROCESSES (2) keep the whole visits of ANSWERS (300) people in turn, for each
of ROUNDS (3) at 1, 8 and 32 clients, in the same database. At the end the memory of both: the parent, and all together.
"""

import sys
from contextlib import ExitStack
from pathlib import Path

from benchmarks.intake import servers
from benchmarks.intake.__main__ import CLIENTS, Side, compare, installations
from benchmarks.intake.clients import send
from benchmarks.intake.installation import Installation, whole_visit
from benchmarks.intake.servers import Server


def measure(here: Installation, counts: tuple[int, int], answers: int, rounds: int) -> None:
    """Measure on one database."""
    with ExitStack() as running:
        sides = [
            Side(_name(count), running.enter_context(servers.product(here, count)), whole_visit) for count in counts
        ]
        for side in sides:  # each process has made its pages once
            send(side.server.port, [whole_visit(here) for _ in range(40)], 8)
        compare(here, sides, answers, rounds)
        for side in sides:
            print(f"  {side.name}: {_memory(side.server)}")


def _name(count: int) -> str:
    return f"{count} process" + ("es" if count > 1 else "")


def _memory(server: Server) -> str:
    resident, shared = server.memory()
    if len(server.processes()) > 1:
        rollup = Path(f"/proc/{server.process.pid}/smaps_rollup").read_text().splitlines()[1:]
        parent = {line.split()[0]: int(line.split()[1]) / 1024 for line in rollup}["Pss:"]
        return f"{resident:.0f} MB resident, {shared:.0f} MB in shares, of which the parent {parent:.0f} MB"
    return f"{resident:.0f} MB resident, {shared:.0f} MB in shares"


def main(processes: int = 2, answers: int = 300, rounds: int = 3) -> None:
    """Measure on both databases."""
    with installations(2 * len(CLIENTS) * answers * rounds + 100) as found:
        for name, here in found.items():
            print(name)
            measure(here, (1, processes), answers, rounds)


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
