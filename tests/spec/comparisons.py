"""The manual's sections on many units at once: chosen families, pairs, bands, and what comes back by itself."""

from survey.scoring import bands, pairs, regression, selected
from tests.spec.section import Section

SECTIONS = (
    Section("Families chosen for what they showed", selected.adjust_selected),
    Section("Units with each other", pairs.critical_p),
    Section("Units that cannot be told apart", bands.bands),
    Section("Regression to the mean", regression.expected_change),
)
