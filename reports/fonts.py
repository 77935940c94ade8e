"""The fonts of print: Pretendard's static files, and a font configuration that sees nothing else on the machine."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

FONTS: Final = Path(__file__).parents[1] / "survey" / "static" / "fonts"


@contextmanager
def only_ours() -> Iterator[None]:
    """Make fontconfig read a private configuration while the block runs: the same pages on every machine.

    The environment is put back afterwards, so that nothing else in this process (a browser in a test) is touched.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory(prefix="survey-fonts-") as folder:
        file = Path(folder) / "fonts.conf"
        places = f"<dir>{escape(str(FONTS))}</dir><cachedir>{escape(folder)}</cachedir>"
        file.write_text(f"<?xml version='1.0'?><fontconfig>{places}</fontconfig>", encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(file)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before
