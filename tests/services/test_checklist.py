"""What is looked at before a wave opens, and what then happens by itself."""

import datetime as dt
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, select, text

from survey.database import reading, writing
from survey.i18n import Refused
from survey.models import AuditEntry, Person
from survey.services import audit_log, mail_server
from survey.services.invitations import letter_texts
from survey.services.waves import by_itself, checklist, extension, opening, surroundings, wave_plans, waves
from survey.services.waves.checklist import Check
from survey.settings import Settings
from tests import cast
from tests.services import rounds
from tests.services.mail_server import Postbox, serving
from tests.services.rounds import WAVE

DAY = dt.timedelta(days=1)
LEFT = "UPDATE person SET unit_code = NULL, leads_code = NULL, email = NULL, left_on = '2026-10-01'"
OPENS = cast.NOW + DAY
EVERYBODY = sorted(member.email for member in cast.MEMBERS)


@pytest.fixture
def draft(engine: Engine) -> Engine:
    """A draft of the cast's wave that is to open tomorrow, with its reminders."""
    with writing(engine) as session:
        cast.load(session)
        plan = wave_plans.WaveDraft(code=WAVE, opens_at=OPENS, closes_at=rounds.CLOSES, sealed=False, reminds=True)
        wave_plans.draft(session, plan, cast.NOW)
    return engine


@pytest.fixture
def mailed(settings: Settings) -> Iterator[tuple[Settings, Postbox]]:
    """Settings with a real mail server."""
    box = Postbox()
    with serving(box) as port:
        yield replace(settings, mail_url=f"smtp://127.0.0.1:{port}", mail_from="hr@example.com"), box


def checks(engine: Engine, settings: Settings, now: dt.datetime = cast.NOW) -> dict[str, Check]:
    """Look at everything."""
    with reading(engine) as session:
        found = checklist.checklist(session, waves.wave(session, WAVE), settings, now)
    return {check.name: check for check in found}


def levels(engine: Engine, settings: Settings, now: dt.datetime = cast.NOW) -> dict[str, str]:
    """Return what came of each look."""
    return {name: check.level for name, check in checks(engine, settings, now).items()}


def looks(engine: Engine, settings: Settings) -> list[str]:
    """Return the names of what has to be passed."""
    return [name for name, level in levels(engine, settings).items() if level == "look"]


def acts(engine: Engine) -> list[str]:
    """Return what the log holds."""
    with reading(engine) as session:
        return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def test_a_fresh_installation_is_told_what_to_look_at(draft: Engine, settings: Settings) -> None:
    """Nothing stops it, and each thing that is not as it should be is said, in both languages."""
    found = checks(draft, settings)
    assert {name for name, check in found.items() if check.level == "look"} == {
        *("roster", "units", "mail", "address", "keyholders", "backup", "accounts"),
    }
    assert "stop" not in {check.level for check in found.values()}
    assert "opens on this machine only" in found["address"].said.to("en")
    assert "아무도" in found["mail"].said.to("ko")
    for check in found.values():
        assert check.said.to("ko") != check.said.to("en")


def test_what_was_mended_is_in_order(draft: Engine, mailed: tuple[Settings, Postbox]) -> None:
    """A roster and a backup of today, a tried letter, https, a second step: each look becomes ok."""
    with writing(draft) as session:
        for act in ("roster imported", "backup made", surroundings.TRIED):
            audit_log.write(session, cast.NOW, None, act)
        session.execute(text("UPDATE account SET subject = 'issuer|7' WHERE role = 'hr'"))
    found = levels(draft, replace(mailed[0], base_url="https://survey.example.com"))
    assert {name for name, level in found.items() if level != "ok"} == {"units", "keyholders"}
    later = levels(draft, mailed[0], cast.NOW + 15 * DAY)
    assert (later["roster"], later["backup"], later["mail"]) == ("look", "look", "look")


@pytest.mark.parametrize(
    ("statement", "name", "said"),
    [
        ("DELETE FROM person", "roster", "Nobody is in the roster"),
        ("UPDATE wave SET sealed = (1 = 1)", "keyholders", "takes two keyholders"),
        (
            "UPDATE wave SET opens_at = '2026-09-01 00:00:00', closes_at = '2026-09-30 00:00:00'",
            "wave",
            "ended already",
        ),
    ],
)
def test_what_the_opening_would_refuse_stops_it(
    draft: Engine, settings: Settings, statement: str, name: str, said: str
) -> None:
    """The list says it in the opening's own words, and no tick passes it."""
    with writing(draft) as session:
        session.execute(text(statement))
    check = checks(draft, settings)[name]
    assert check.level == "stop"
    assert said in check.said.to("en")
    with pytest.raises(Refused, match=said):
        checklist.require_passed(checks(draft, settings).values(), checklist.POINTS)


@pytest.mark.parametrize(
    ("opens", "closes", "level", "said"),
    [
        ("2026-10-05 00:00", "2026-10-09 09:00", "ok", "5 working days until 2026-10-09 18:00, Asia/Seoul (UTC+09:00)"),
        ("2026-10-05 00:00", "2026-10-08 09:00", "look", "Only 4 working days"),
        ("2026-10-05 00:00", "2026-10-17 09:00", "look", "ends on a weekend: 2026-10-17 18:00"),
        ("2026-10-05 00:00", "2026-10-16 15:30", "look", "ends on a weekend: 2026-10-17 00:30"),
    ],
)
def test_days_are_counted_by_the_companys_clocks(
    draft: Engine, settings: Settings, opens: str, closes: str, level: str, said: str
) -> None:
    """Working days and weekends are those of Seoul, whatever the server's clock says."""
    with writing(draft) as session:
        session.execute(text("UPDATE wave SET opens_at = :opens, closes_at = :closes"), {
            "opens": f"{opens}:00.000000", "closes": f"{closes}:00.000000",
        })  # fmt: skip
    check = checks(draft, settings)["days"]
    assert check.level == level
    assert said in check.said.to("en")


def test_letters_in_one_language_or_untried_are_worth_a_look(draft: Engine, settings: Settings) -> None:
    """Words in Korean only; words in both languages that nobody has seen arrive; then all is well."""

    def change(language: str) -> None:
        with writing(draft) as session:
            letter_texts.keep(session, "reminder-1", language, ("Hello", "Until {last_day}."), cast.NOW)

    change("ko")
    assert "one language only" in checks(draft, settings)["letters"].said.to("en")
    change("en")
    assert "Send one to yourself" in checks(draft, settings)["letters"].said.to("en")
    with writing(draft) as session:
        audit_log.write(session, cast.NOW, None, surroundings.TRIED)
    assert levels(draft, settings)["letters"] == "ok"


def test_people_without_email_need_slips(draft: Engine, settings: Settings) -> None:
    """How many, and within which time."""
    with writing(draft) as session:
        session.execute(text("UPDATE person SET email = NULL WHERE unit_code = 'NORTH'"))
    check = checks(draft, settings)["printed"]
    assert check.level == "look"
    assert check.said.to("en").startswith("9 people have no e-mail address.")


def test_nothing_is_confirmed_that_was_not_seen(draft: Engine, settings: Settings) -> None:
    """Each look has to be passed by name; what was passed stands in the log."""
    seen = looks(draft, settings)
    with pytest.raises(Refused, match=r"seen this first: Backup\."), writing(draft) as session:
        checklist.confirm(session, WAVE, settings, [name for name in seen if name != "backup"], cast.NOW)
    with writing(draft) as session:
        checklist.confirm(session, WAVE, settings, seen, cast.NOW)
    with reading(draft) as session:
        entry = audit_log.find(session, checklist.PASSED, wave=WAVE)
    assert entry is not None
    assert entry.facts["seen"] == ", ".join(seen)


def test_a_confirmed_wave_opens_and_writes_by_itself(draft: Engine, mailed: tuple[Settings, Postbox]) -> None:
    """At its time: open, letters out; on day 3 and 5 the reminders; an extension is told; each of it once."""
    settings, box = mailed
    with writing(draft) as session:
        checklist.confirm(session, WAVE, settings, checklist.POINTS, cast.NOW)
    assert by_itself.go_on(draft, settings, cast.NOW) == []
    said = by_itself.go_on(draft, settings, OPENS)
    assert [each.to("en") for each in said] == [
        "Wave 2026-Q4 has reached its time and is open.",
        "27 letters of wave 2026-Q4 were accepted; 0 wait.",
    ]
    counts = []
    for n in range(8):
        by_itself.go_on(draft, settings, OPENS + n * DAY)
        counts.append(len(box.messages) // 27)
    assert counts == [1, 1, 1, 2, 2, 3, 3, 3]
    with writing(draft) as session:
        extension.extend(session, WAVE, rounds.CLOSES + DAY, OPENS + 8 * DAY)
    for _ in range(2):
        by_itself.go_on(draft, settings, OPENS + 8 * DAY)
    assert sorted(box.readers[81:]) == EVERYBODY


def test_what_nobody_confirmed_waits(draft: Engine, mailed: tuple[Settings, Postbox]) -> None:
    """A draft stays one after its time, and so does one whose plan was changed after it was confirmed."""
    settings, box = mailed
    assert by_itself.go_on(draft, settings, OPENS) == []
    with writing(draft) as session:
        checklist.confirm(session, WAVE, settings, checklist.POINTS, cast.NOW)
        plan = wave_plans.WaveDraft(code=WAVE, opens_at=OPENS, closes_at=rounds.CLOSES + DAY, sealed=False)
        wave_plans.revise(session, WAVE, plan, cast.NOW)
    assert by_itself.go_on(draft, settings, OPENS) == []
    assert box.messages == []


def test_what_stops_an_opening_is_told_once(draft: Engine, settings: Settings) -> None:
    """Everybody left meanwhile: the wave is not opened, the log says why once, and a mended roster opens it."""
    with writing(draft) as session:
        checklist.confirm(session, WAVE, settings, checklist.POINTS, cast.NOW)
        session.execute(text(LEFT))
    first = by_itself.go_on(draft, settings, OPENS)
    assert [each.to("en") for each in first] == [
        "Wave 2026-Q4 was not opened: Nobody is in the roster: import it before you open a wave."
    ]
    assert by_itself.go_on(draft, settings, OPENS) == []
    assert acts(draft).count(by_itself.HELD) == 1
    with writing(draft) as session:
        session.execute(text("UPDATE person SET unit_code = 'NORTH', left_on = NULL"))
    assert by_itself.go_on(draft, settings, OPENS)[0].to("en") == "Wave 2026-Q4 has reached its time and is open."


def test_refused_addresses_are_not_tried_at_every_tick(draft: Engine, mailed: tuple[Settings, Postbox]) -> None:
    """A run that gets nothing out is repeated after hours, not every ten minutes; a server that was away at once."""
    settings, box = mailed
    box.refuses["di@example.com"] = "550 no such user"
    with writing(draft) as session:
        checklist.confirm(session, WAVE, settings, checklist.POINTS, cast.NOW)
    for minutes in range(0, 60, 10):
        by_itself.go_on(draft, settings, OPENS + dt.timedelta(minutes=minutes))
    assert acts(draft).count("letters sent") == 2
    box.refuses.clear()
    by_itself.go_on(draft, settings, OPENS + dt.timedelta(hours=7))
    assert sorted(box.readers) == EVERYBODY


def test_a_draft_is_changed_in_place(draft: Engine) -> None:
    """Its groups stay, other facts are the new plan's, a name that is taken is refused, and so is an opened wave."""
    later = wave_plans.WaveDraft(code="2027-Q1", opens_at=OPENS, closes_at=rounds.CLOSES + DAY, k=6, strict=True)
    with writing(draft) as session:
        wave_plans.draft(session, rounds.plan("2027-Q2"), cast.NOW)
        changed = wave_plans.revise(session, WAVE, later, cast.NOW)
        assert (changed.code, changed.k, changed.strict, changed.reminds) == ("2027-Q1", 6, True, False)
    with pytest.raises(Refused, match="a wave 2027-Q2 already"), writing(draft) as session:
        wave_plans.revise(session, "2027-Q1", replace(later, code="2027-Q2"), cast.NOW)
    with writing(draft) as session:
        assert session.scalar(select(Person.id).limit(1)) is not None
        assert len(waves.waves(session)) == 2


def test_an_opened_wave_is_not_revised(engine: Engine, home: Path) -> None:
    """It is refused, and the log says that somebody tried."""
    rounds.open_cast(engine, home)
    with pytest.raises(Refused, match="opened before"), writing(engine) as session:
        wave_plans.revise(session, WAVE, rounds.plan(), cast.NOW)
    assert acts(engine)[-1] == audit_log.REFUSED


def test_mail_settings_that_cannot_be_read_hold_up_letters_alone(draft: Engine, settings: Settings) -> None:
    """After a restore it is said why letters wait, nothing else is stopped by it, and they leave once they can."""
    box = Postbox()
    with serving(box) as port:
        server = mail_server.MailServer("127.0.0.1", port, "none", "", "", "hr@example.com")
        with writing(draft) as session:
            mail_server.set_server(session, settings, server, cast.NOW, None)
            checklist.confirm(session, WAVE, settings, checklist.POINTS, cast.NOW)
            opening.open_wave(session, WAVE, OPENS, settings.home)
        secret = settings.secret_path.read_bytes()
        settings.secret_path.write_bytes(secrets.token_bytes(32))
        (said,) = by_itself.go_on(draft, settings, OPENS)
        assert said.to("en").startswith("Letters of wave 2026-Q4 wait: The mail settings were kept with another secret")
        settings.secret_path.write_bytes(secret)
        by_itself.go_on(draft, settings, OPENS)
    assert sorted(box.readers) == EVERYBODY
