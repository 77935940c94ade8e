"""What the first afternoon takes: clicks, typed characters, minutes of hands and head, seconds of the machine.

    python -m benchmarks.afternoon

Drives Chromium through the journey of `tests.journeys.afternoon`, in both languages.
"""

import tempfile
import time
from pathlib import Path

from tests import cast
from tests.chromium import chromium
from tests.journeys.afternoon import spend


def main() -> None:
    """Print a line for each language."""
    with chromium() as browser:
        for language, size in (("ko", (1280, 900)), ("en", (820, 1180))):
            with tempfile.TemporaryDirectory() as folder:
                roster = Path(folder) / "roster.csv"
                roster.write_bytes(cast.roster_csv())
                began = time.perf_counter()
                took = spend(browser, Path(folder) / "home", roster, language, size)
                machine = time.perf_counter() - began
            print(
                f"{language} {size[0]} px: {took.clicks} clicks, {took.keys} characters, {took.minutes:.1f} minutes of "
                f"hands and head to the open wave; {took.clicks_to_the_zip} clicks from the close to a ZIP of "
                f"{took.reports} reports; {machine:.0f} s of the machine"
            )


if __name__ == "__main__":
    main()
