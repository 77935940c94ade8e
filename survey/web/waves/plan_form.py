"""The form that plans a wave, with the preview beside it: new, or with the facts of a draft."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from flask import Response, render_template, request

from survey.forms.items import BETWEEN
from survey.forms.waves import WaveForm
from survey.i18n import Sentence
from survey.instruments.extra import MOST, Extra
from survey.instruments.practices import library
from survey.services.here import local, utc_of, zone_name
from survey.services.instruments import registry
from survey.services.practices.library import own
from survey.services.practices.register import adoptions
from survey.services.sealing import sealing
from survey.services.waves import wave_plans
from survey.services.waves.waves import Wave
from survey.web.clock import now, today, zone
from survey.web.database import db
from survey.web.frames import may_frame
from survey.web.language import language
from survey.web.waves import plan_items

TWO_WEEKS: Final = dt.timedelta(days=11)
MORNING: Final = dt.time(9)
EVENING: Final = dt.time(18)
"""When a wave begins and ends where nobody says otherwise: in working hours, so that somebody is there to help."""


def proposed(code: str) -> WaveForm:
    """Return the form of a new plan: from next Monday morning to the Friday evening of the week after."""
    monday = today() + dt.timedelta(7 - today().weekday())
    days = {"opens_on": monday, "opens_time": MORNING, "closes_on": monday + TWO_WEEKS, "closes_time": EVENING}
    sealed = sealing.by_default(db())
    data = {"k": 5, "detail_k": 10, "code": code, "sealed": sealed, "reminds": True, **days, **_own_practices()}
    form = WaveForm(data=data)
    _offer(form)
    return form


def of(wave: Wave) -> WaveForm:
    """Return the form of a draft, as it was planned."""
    opens, closes = local(wave.opens_at, zone()), local(wave.closes_at, zone())
    return WaveForm(
        data={
            **{name: getattr(wave, name) for name in ("code", "k", "detail_k", "practices", "sealed", "strict")},
            "reminds": wave.reminds,
            "instrument": f"{wave.instrument_id}{BETWEEN}{wave.instrument_version}",
            "opens_on": opens.date(),
            "opens_time": opens.time(),
            "closes_on": closes.date(),
            "closes_time": closes.time(),
            **_fields(registry.extras_of(wave)),
        }
    )


def _own_practices() -> dict[str, str]:
    """Return what is asked of the company's own practices that a unit has in use."""
    used = {each.practice for each in adoptions(db(), today())}
    asked = [Extra(**each.practice.asks) for each in own(db()) if each.practice.asks and each.practice.id in used]
    return _fields(asked[:MOST])


def _fields(extras: Sequence[Extra]) -> dict[str, str]:
    return {
        f"own_{language}_{n}": extra.text[language] for n, extra in enumerate(extras, 1) for language in ("ko", "en")
    }


def typed() -> WaveForm:
    """Return the form that was sent, with its lists."""
    form = WaveForm(request.form)
    _offer(form)
    return form


def draft_of(form: WaveForm) -> wave_plans.WaveDraft:
    """Return the plan that was typed; raises Refused for an hour that no clock shows there."""
    first, last = form.opens_on.data or today(), form.closes_on.data or today()
    begins, ends = form.opens_time.data or MORNING, form.closes_time.data or EVENING
    return wave_plans.WaveDraft(
        code=(form.code.data or "").strip(),
        opens_at=utc_of(dt.datetime.combine(first, begins), zone()),
        closes_at=utc_of(dt.datetime.combine(last, ends), zone(), last=True),
        practices=tuple(form.practices.data or ()),
        **plan_items.chosen(form),
        k=form.k.data or 0,
        detail_k=form.detail_k.data or 0,
        sealed=bool(form.sealed.data),
        strict=bool(form.strict.data),
        reminds=bool(form.reminds.data),
    )


def shown(form: WaveForm, problem: Sentence | None = None, wave: Wave | None = None, **more: object) -> Response:
    """Return the page of a plan; `wave` is the draft that is changed."""
    _offer(form)
    facts = {"library": library(), "adopted": _adopted(), "sealable": sealing.by_default(db())}
    zone_said = zone_name(zone(), now())
    page = render_template("waves/new.html", form=form, problem=problem, draft=wave, zone=zone_said, **facts, **more)
    return may_frame(page)


def _offer(form: WaveForm) -> None:
    adopted = _adopted()
    form.practices.choices = [(one.id, one.name[language()]) for one in library() if one.id not in adopted]
    plan_items.offer(form)


def _adopted() -> dict[str, str]:
    used = {each.practice for each in adoptions(db(), today())}
    return {one.id: one.name[language()] for one in library() if one.id in used}
