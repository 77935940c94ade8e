"""Every page there is, and how it is shown in docs/pages.md; a route that is no page says what it is instead.

A house test holds that the two lists together are the route map.
"""

from dataclasses import dataclass
from typing import Final, Literal

Who = Literal["HR", "a leader", "everybody"]

WAVE: Final = "2026-Q3"
OPEN: Final = "2026-Q4"
DRAFT: Final = "2027-Q1"
UNIT: Final = "CARE"
SIZES: Final = (1280, 360)


@dataclass(frozen=True)
class Shot:
    """A page: its address in the demo company (`{...}` is filled in once the company is there), and who opens it."""

    path: str
    says: str
    who: Who = "HR"
    english: bool = False
    """Whether it is shown in English, too."""


SHOTS: Final[dict[str, Shot]] = {
    # what employees see
    "responses.entry": Shot("/s", "The survey's first page, without a letter's code", "everybody"),
    "promises.show": Shot("/s/promise", "The promise", "everybody", english=True),
    "receipts.check": Shot("/s/receipt", "Was an answer counted?", "everybody"),
    "responses.nowhere": Shot("/s/nowhere", "An address that is none", "everybody"),
    "heard.show": Shot("/h/{key}", "What was heard in a unit, and what is done about it", "everybody", english=True),
    # signing in
    "signing_in.show": Shot("/sign-in", "Signing in", "everybody"),
    "welcome.show": Shot("/welcome", "A first password, by the code of a letter", "everybody"),
    "welcome.forgotten": Shot("/forgotten", "A forgotten password", "everybody"),
    "methods.show": Shot("/methods/", "How every number is made", "everybody"),
    "guides.words": Shot("/help/words", "Words", "everybody"),
    # results
    "units.tree": Shot("/units/", "The tree of units", english=True),
    "units.show": Shot(f"/units/{UNIT}", "A unit: what changed, how sure that is, what is done", english=True),
    "units.meeting": Shot(f"/units/{UNIT}/meeting", "The meeting kit"),
    "compare.show": Shot("/compare/?unit=CARE&unit=TECH&unit=LOGI", "Departments over waves", english=True),
    "heat_map.show": Shot("/heat-map/", "All units and motives at a glance", english=True),
    "comments.index": Shot(f"/waves/{WAVE}/comments", "Where comments can be read"),
    "comments.show": Shot(f"/waves/{WAVE}/units/{UNIT}/comments", "Comments, never beside scores"),
    "evidence.show": Shot("/evidence/", "How far the numbers can be trusted"),
    "drivers.show": Shot("/drivers/", "Spread by motive"),
    "outcomes.show": Shot("/outcomes/", "Outcomes beside motives"),
    "marks.show": Shot("/marks/", "Marks on the trend", "a leader"),
    "open_pages.index": Shot("/open-pages/", "Open pages", "a leader"),
    "open_pages.plan": Shot(f"/open-pages/unit?unit={UNIT}&wave={WAVE}", "Opening a page to everybody", "a leader"),
    "open_pages.notice": Shot(f"/open-pages/notice?unit={UNIT}&wave={WAVE}", "A notice to print", "a leader"),
    # practices
    "practices.show": Shot("/practices/", "The register of practices", "a leader", english=True),
    "practices.library": Shot("/practices/library", "The library", "a leader"),
    "practices.new": Shot("/practices/new", "Taking one up", "a leader"),
    "practices.entry": Shot("/practices/at/{habit}", "A practice of a unit"),
    "practices.collaboration_map": Shot("/practices/map", "The collaboration map", english=True),
    "practices.own": Shot("/practices/own", "The company's own practices"),
    "practices.own_new": Shot("/practices/own/new", "A new one"),
    "practices.own_one": Shot("/practices/own/{own}", "One of the company's own"),
    # HR's work
    "home.show": Shot("/", "Where one stands, and what comes next", english=True),
    "people.show": Shot("/people/", "The roster"),
    "people.person": Shot("/people/1", "A person on the roster"),
    "people.without_email": Shot("/people/without-email", "People without e-mail"),
    "waves.index": Shot("/waves/", "Waves"),
    "waves.plan": Shot("/waves/new", "Planning a wave"),
    "waves.show": Shot(f"/waves/{OPEN}", "A wave that is open"),
    "plans.show": Shot(f"/waves/{DRAFT}/plan", "Changing a plan"),
    "plans.confirm": Shot(f"/waves/{DRAFT}/open", "The checklist before opening"),
    "foresight.show": Shot(f"/waves/{DRAFT}/foresight", "What each unit will see"),
    "joins.show": Shot(f"/waves/{DRAFT}/joins", "Joining small units"),
    "rehearsals.index": Shot("/rehearsals/", "Rehearsals"),
    "letters.index": Shot("/letters/", "Letters in the company's words"),
    "letters.edit": Shot("/letters/invitation/ko", "Rewording a letter"),
    "publications.show": Shot(f"/publications/{WAVE}", "A publication, its audit, its files"),
    "second_cuts.show": Shot(f"/publications/{WAVE}/second-cuts", "Second cuts"),
    "notices.show": Shot(f"/publications/{WAVE}/notices", "Errata and withdrawal"),
    "reports.show": Shot(f"/reports/{WAVE}/", "All reports of a wave"),
    "instruments.index": Shot("/instruments/", "Questionnaires"),
    "instruments.show": Shot("/instruments/{instrument}", "One questionnaire"),
    # administration
    "company.show": Shot("/company/", "Company settings"),
    "accounts.index": Shot("/accounts/", "Accounts"),
    "accounts.plan": Shot("/accounts/new", "A new account"),
    "accounts.file": Shot("/accounts/file", "Accounts by file"),
    "accounts.leaders": Shot("/accounts/leaders", "Accounts for those who lead"),
    "accounts.show": Shot("/accounts/2", "An account and its part of the tree"),
    "own_account.show": Shot("/account/", "One's own sign-in"),
    "keyholders.show": Shot("/keyholders/", "Keyholders of sealed waves"),
    "audit.index": Shot("/audit/", "What an auditor checks"),
    "audit.show": Shot(f"/audit/{WAVE}", "The audit of a wave"),
    "log.show": Shot("/log/", "The log"),
    "guides.index": Shot("/help/", "Help"),
    "guides.show": Shot("/help/guide", "A guide"),
}
"""Pages by endpoint, in the order of docs/pages.md."""

_FILE: Final = "a file"
_PROGRESS: Final = "asked by a page for its progress"
_FRAME: Final = "stands in a frame of another page"
_STEP: Final = "a step of the first run, which a company that is there has behind it"
NO_PAGE: Final[dict[str, str]] = {
    **dict.fromkeys(
        (
            "static", "promises.file", "audit.promise", "compare.as_pdf", "compare.as_slides", "compare.as_table",
            "compare.as_workbook", "heat_files.as_table", "heat_files.as_workbook", "instruments.file", "log.export",
            "people.errors", "practices.own_file",
            "publications.as_table", "publications.as_workbook", "publications.numbers", "reports.everything",
            "reports.one", "second_cuts.numbers", "second_cuts.table",
        ),
        _FILE,
    ),
    **dict.fromkeys(
        (
            "extensions.progress", "rehearsals.letters_progress", "reminders.progress", "reports.progress",
            "sharing.progress", "waves.letters_progress",
        ),
        _PROGRESS,
    ),
    **dict.fromkeys(("letters.preview", "open_pages.look", "previews.show", "previews.standard"), _FRAME),
    **dict.fromkeys(
        (
            "first_run.account", "first_run.company", "first_run.done", "first_run.mail", "first_run.second_step",
            "first_run.show",
        ),
        _STEP,
    ),
    **dict.fromkeys(("health.alive", "health.ready", "metrics.show"), "read by machines"),
    **dict.fromkeys(("openid.back", "openid.go"), "leads to the company's own sign-in and back"),
    **dict.fromkeys(
        ("people.look", "people.columns", "people.listed"), "a roster that was brought in and not taken yet"
    ),
    "responses.again": "leads back to the survey",
    "rehearsals.show": "a rehearsal, of which the demo has none",
    "second_step.show": "asked between the password and the second step only",
    "log.verify": "the log's page, after the check of its chain",
}  # fmt: skip
"""Routes that are opened with GET and are no page of their own, with what they are."""
