"""What is typed to publish a wave again after a failed audit."""

from wtforms import Form

from survey.forms.fields import CountField, gettext


class ThresholdForm(Form):
    """From how many people on results are shown; empty at the first try, which takes the wave's own."""

    k = CountField(gettext("Fewest people of whom results are shown"))
