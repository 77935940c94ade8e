"""What was promised in words: deletion on time, a promise nobody loosened, a whole log, safe publications, comments."""

from collections.abc import Iterator
from typing import Final

from survey.attack.finding import Finding, Occasion, either
from survey.attack.target import Target
from survey.database import reading
from survey.i18n import Refused, Sentence
from survey.privacy.released import Released
from survey.privacy.thaw import PublishedUnit
from survey.services import audit_log
from survey.services.publication import comments, publication
from survey.services.waves import frozen_facts, waves
from survey.services.waves.retention import is_due

KEPT: Final = ("response", "sealed_response", "comment", "receipt")
GUARDED: Final = ("wave", "wave_unit", "roster_entry")
"""Tables whose rows a trigger keeps as they were when a wave opened."""
TRIGGERS: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
}
FEWEST_COMMENTS: Final = 3
COLLUDERS: Final = (0, 1)
"""People who are thought to put their own answers together, when publications are audited again."""


def deletion(target: Target, occasion: Occasion) -> Iterator[Finding]:
    """Look for answers whose time is over."""
    with reading(target.engine) as session:
        due = {wave.id: wave.code for wave in waves.waves(session) if is_due(wave, occasion.now)}
    kept = {due[row["wave_id"]] for table in KEPT for row in target.table(table) if row["wave_id"] in due}
    yield either(
        len(kept),
        Sentence("Answers, comments or receipts are still here that should be deleted: %(waves)s.", _names(kept)),
        Sentence("Nothing is here whose time is over (waves whose time is over: %(due)s).", {"due": len(due)}),
    )


def promise(target: Target, _occasion: Occasion) -> Iterator[Finding]:
    """Compare each wave with the promise that was frozen at its opening, and look for the triggers that guard it."""
    with reading(target.engine) as session:
        broken = {
            wave.code: found
            for wave in waves.waves(session)
            if (found := frozen_facts.broken(session, wave)) is not None
        }
    for wave, what in broken.items():
        yield Finding(
            "found",
            Sentence(
                "The promise of wave %(wave)s was changed after it opened: %(what)s.", {"wave": wave, "what": what}
            ),
        )
    if not broken:
        yield Finding(
            "nothing",
            Sentence(
                "Every wave whose promise was written down is as it was promised: thresholds, units, roster, questions."
            ),
        )
    names = [str(row["name"]) for row in target.rows(TRIGGERS["sqlite" if target.sqlite else "postgresql"])]
    unguarded = [table for table in GUARDED if not any(name.startswith(f"frozen_{table}") for name in names)]
    yield either(
        len(unguarded),
        Sentence("The guards that keep opened waves as they were are missing: %(tables)s.", _names(unguarded)),
        Sentence("The database's guards that keep opened waves as they were are in place."),
    )


def log(target: Target, _occasion: Occasion) -> Iterator[Finding]:
    """Check the chain of the audit log."""
    with reading(target.engine) as session:
        verdict = audit_log.verify(session)
    facts: dict[str, object] = {"count": verdict.entries, "head": verdict.head[:16], "entry": verdict.broken_at or ""}
    if verdict.broken_at is not None:
        yield Finding("found", Sentence("The audit log was edited: entry %(entry)s does not follow.", facts))
    else:
        yield Finding(
            "nothing",
            Sentence(
                "The audit log is unbroken: %(count)s entries. Compare its head %(head)s… with the auditor's.", facts
            ),
        )


def publications(target: Target, _occasion: Occasion) -> Iterator[Finding]:
    """Audit every publication again with its second cuts: as an outsider, and as people who know their own answers."""
    with reading(target.engine) as session:
        for wave in [wave.code for wave in waves.waves(session) if wave.state == "published"]:
            for colluders in COLLUDERS:
                try:
                    verdicts = publication.audit(session, wave, colluders=colluders)
                    safe, what = all(found.safe for _, found in verdicts), publication.verdict(verdicts)
                except Refused as refused:
                    safe, what = False, refused.sentence
                told = Sentence("Wave %(wave)s: %(what)s", {"wave": wave, "what": what})
                yield Finding("nothing" if safe else "found", told)


def gate(target: Target, occasion: Occasion) -> Iterator[Finding]:
    """Count at each unit where comments can be read how many there are, and how many people its numbers rest on."""
    few: list[str] = []
    shown = 0
    with reading(target.engine) as session:
        for published in publication.publications(session):
            people = {unit.code: publication_size(unit) for unit in published.units}
            for unit, texts in comments.comments(session, published, occasion.now).items():
                shown += 1
                if len(texts) < FEWEST_COMMENTS or people[unit] < published.policy.detail_k:
                    few.append(f"{published.wave.code} {unit}")
    yield either(
        len(few),
        Sentence("Comments can be read where too few people wrote or answered: %(where)s.", {"where": ", ".join(few)}),
        Sentence("Where comments can be read (units: %(units)s), enough people wrote and answered.", {"units": shown}),
    )


def publication_size(unit: PublishedUnit) -> int:
    """Return how many people a unit's numbers rest on; 0 where none are shown."""
    return unit.figures.value.n if isinstance(unit.figures, Released) else 0


def _names(found: object) -> dict[str, object]:
    names = sorted(str(each) for each in found) if isinstance(found, list | set) else []
    return {"waves": ", ".join(names), "tables": ", ".join(names)}
