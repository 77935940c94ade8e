"""What is shown: one blueprint per noun, thin views."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
"""The source tree: templates/ stands in it, beside this package."""
