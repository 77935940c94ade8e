"""A moment on the pages of employees, by the company's clocks; a script says it by the reader's own."""

import datetime as dt
from zoneinfo import ZoneInfo

from markupsafe import Markup

from survey.i18n import Sentence, day
from survey.services.here import local, zone_name
from survey.web.language import language


def spoken(moment: dt.datetime, zone: ZoneInfo) -> Markup:
    """Return a moment that the database keeps, to be read by people and by the page's script."""
    there = local(moment, zone)
    return Markup('<time datetime="{}Z">{} {} ({})</time>').format(
        moment.isoformat(timespec="minutes"), day(there.date(), language()), f"{there:%H:%M}", zone_name(zone, moment)
    )


def extended(former: dt.datetime | None, zone: ZoneInfo) -> Markup:
    """Return that an end is a later one, for what stands behind it; nothing where it is the one announced first."""
    if former is None:
        return Markup("")
    before, after = Sentence("extended from %(end)s").to(language()).split("%(end)s")
    return Markup(" ({}{}{})").format(before, spoken(former, zone), after)
