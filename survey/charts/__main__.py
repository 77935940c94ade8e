"""Write the style sheet of the visual language's numbers anew: `python -m survey.charts`."""

from survey.charts.tokens import TARGET, style_sheet

TARGET.write_text(style_sheet(), "utf-8")
