"""A comparison as slides: the sentence and who can be told apart, the units in fours, and how all of it is read."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from pptx.slide import Slide

from reports.comparison.contents import Comparison, Line
from reports.comparison.files import slide_chart, slide_table, stable
from reports.comparison.files.counted import counted
from reports.comparison.files.handed import Handed
from reports.comparison.files.parts import missing
from reports.comparison.files.slide_sheet import HEIGHT, MARGIN, WIDTH, Deck
from reports.comparison.files.slide_text import Box, Look, height_of, put
from survey.charts.sheet import ACCENT, INDIRECT, INK, MUTED
from survey.i18n import Sentence

ON_ONE: Final = 4
"""Charts on a slide."""
BODY: Final = WIDTH - 2 * MARGIN
GAP: Final = 0.35
COLUMNS: Final = 8
"""Waves of an outcome that a slide has room for."""
TOP: Final = 1.42
BOTTOM: Final = HEIGHT - 0.45
SENTENCE: Final = Look(20, least=12)
WARNED: Final = Look(12, least=9, colour=INDIRECT[2], bold=True)
VERDICT: Final = Look(14, least=11, bold=True)


def write_slides(handed: Handed) -> Deck:
    """Return the deck."""
    compared = handed.comparison
    demo = Sentence("Demo: made-up data").to(compared.language) if compared.demo else ""
    digest = f"{compared.waves[-1]} · {compared.digests[-1][:12]}"
    deck = Deck(compared.language, " · ".join(part for part in (compared.company_name, digest, demo) if part))
    _overview(deck, handed)
    shown = [line for line in compared.lines if line.shown]
    parts = _split(shown)
    for number, part in enumerate(parts, 1):
        _units(deck, compared, part, f" ({number}/{len(parts)})" if len(parts) > 1 else "")
    _counted(deck, compared)
    _reading(deck, handed)
    return deck


def write(handed: Handed) -> bytes:
    """Return the PPTX; the same comparison gives the same bytes."""
    made, data = write_slides(handed).made, BytesIO()
    noon = dt.datetime.combine(dt.date.fromisoformat(handed.day), dt.time(12))
    facts = made.core_properties
    facts.title, facts.author = handed.comparison.title, handed.comparison.company_name
    facts.subject, facts.language = handed.comparison.sentence[:255], handed.comparison.language
    facts.created = facts.modified = noon
    facts.last_modified_by, facts.revision = "", 1
    made.save(data)
    return stable.same(data.getvalue(), noon)


def _split(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """Return the units in slides that are as full as each other."""
    count = -(-len(lines) // ON_ONE)
    each = -(-len(lines) // count) if count else 1
    return [lines[at : at + each] for at in range(0, len(lines), each)]


def _overview(deck: Deck, handed: Handed) -> None:
    compared = handed.comparison
    slide = deck.slide(compared.title, compared.company_name, _spoken(handed))
    top = 1.14
    put(slide, Box(MARGIN, top, BODY, 1.1), [compared.sentence], SENTENCE, compared.language)
    top += height_of([compared.sentence], SENTENCE, Box(MARGIN, top, BODY, 1.1)) + 0.2
    warned = [each.whole for each in handed.afterwards]
    if warned:
        put(slide, Box(MARGIN, top, BODY, 0.8), warned, WARNED, compared.language)
        top += height_of(warned, WARNED, Box(MARGIN, top, BODY, 0.8)) + 0.2
    if compared.apart is None:
        slide_table.add(slide, compared, Box(MARGIN, top, BODY, BOTTOM - top))
        return
    slide_table.add(slide, compared, Box(MARGIN, top, BODY * 0.68, BOTTOM - top))
    beside = Box(MARGIN + BODY * 0.68 + GAP, top, BODY * 0.32 - GAP, BOTTOM - top)
    _told_apart(slide, compared, beside)


def _told_apart(slide: Slide, compared: Comparison, box: Box) -> None:
    """Say beside the table which units can be told apart, in the words of the page."""
    if compared.apart is None:
        return
    head = Box(box.left, box.top, box.width, 1.0)
    put(slide, head, [compared.apart.sentence], VERDICT, compared.language)
    taken = height_of([compared.apart.sentence], VERDICT, head) + 0.15
    lines = [f"{each.head}: {', '.join(each.rest)}" if each.rest else each.head for each in compared.apart.says]
    if compared.apart.bands:
        text = Sentence("Dots in one column: these units cannot be told apart. That does not make them the same.")
        lines.append(text.to(compared.language))
    if lines:
        rest = Box(box.left, box.top + taken, box.width, box.height - taken)
        put(slide, rest, lines, Look(12, least=9), compared.language)


def _units(deck: Deck, compared: Comparison, lines: Sequence[Line], which: str) -> None:
    notes = "\n".join(slide_chart.spoken(line, compared) for line in lines)
    slide = deck.slide(f"{compared.title}{which}", compared.company_name, notes)
    key = Sentence("Blue: the unit with its 95 %% interval. Grey, dotted: %(company)s. All charts have one scale.",
                   {"company": compared.company_name})  # fmt: skip
    put(slide, Box(MARGIN, 1.08, BODY, 0.26), [key.to(compared.language)], Look(11, colour=MUTED), compared.language)
    across, down = (1, 1) if len(lines) == 1 else (2, 1) if len(lines) == 2 else (2, 2)  # noqa: PLR2004 - side by side
    width, height = (BODY - GAP * (across - 1)) / across, (BOTTOM - TOP - 0.15 * (down - 1)) / down
    for place, line in enumerate(lines):
        left, top = MARGIN + (place % across) * (width + GAP), TOP + (place // across) * (height + 0.15)
        _unit(slide, line, compared, Box(left, top, width, height))


def _unit(slide: Slide, line: Line, compared: Comparison, box: Box) -> None:
    name = f"{line.name} · {line.where}" if line.where else line.name
    head = Box(box.left, box.top, box.width, 0.42)
    put(slide, head, [name], Look(14, least=10, bold=True), compared.language)
    said_below = _below(line)
    foot = 0.62 if said_below else 0.0
    chart = Box(box.left - 0.05, box.top + 0.42, box.width + 0.05, box.height - 0.42 - foot)
    slide_chart.add(slide, line, compared, chart, slide_chart.spoken(line, compared))
    if said_below:
        below = Box(box.left, box.top + box.height - foot + 0.04, box.width, foot - 0.04)
        put(slide, below, said_below, Look(11, least=9), compared.language)


def _below(line: Line) -> list[str]:
    """Return what stands below a chart, the most important first: there is room for three lines."""
    first = " ".join(part for part in (line.verdict, line.badge) if part)
    hidden = [_not_shown(waves, why) for why, waves in missing(line)]
    return [text for text in (first, *hidden, " · ".join(mark.text for mark in line.marks)) if text]


def _not_shown(waves: Sequence[str], why: str) -> str:
    span = ", ".join(waves) if len(waves) <= 2 else f"{waves[0]} … {waves[-1]}"  # noqa: PLR2004 - both are named
    return f"{span}: {why}"


def _counted(deck: Deck, compared: Comparison) -> None:
    """Show what the company counted of each unit, as a native table: the newest waves, as many as a slide holds."""
    found = counted(compared, compared.waves[-COLUMNS:])
    if found is None:
        return
    notes = "\n".join([found.verdict, *(f"{name}: {', '.join(filter(None, row))}" for name, row in found.rows)])
    slide = deck.slide(found.title, compared.company_name, notes)
    put(slide, Box(MARGIN, 1.08, BODY, 0.5), [found.verdict], VERDICT, compared.language)
    head = [Sentence("Unit").to(compared.language), *(" ".join(head).strip() for head in found.heads)]
    grid = [head, *([name, *row] for name, row in found.rows)]
    slide_table.grid(
        slide, grid, Box(MARGIN, 1.75, BODY, BOTTOM - 1.75), f"{found.title}. {found.verdict}", compared.language
    )


def _reading(deck: Deck, handed: Handed) -> None:
    """Say on the last slide how charts are read, what is not shown and why, and where the numbers come from."""
    compared = handed.comparison
    title = Sentence("How to read it").to(compared.language)
    slide = deck.slide(title, f"{compared.company_name} · {compared.title}", _spoken(handed))
    half = (BODY - GAP) / 2
    outcome = [] if compared.outcome is None else [f"{compared.outcome.name}: {compared.outcome.verdict}"]
    demo = [Sentence("This company, its people and all their answers are made up.").to(compared.language)]
    texts = [*(demo if compared.demo else []), *compared.notes, *compared.otherwise, *outcome]
    put(slide, Box(MARGIN, 1.3, half, BOTTOM - 1.3), texts, Look(15, least=10), compared.language)
    why = [f"{line.name}: {_not_shown(waves, why)}" for line in compared.lines for why, waves in missing(line)]
    right = MARGIN + half + GAP
    if why:
        heading = Sentence("What is not shown, and why").to(compared.language)
        put(slide, Box(right, 1.3, half, 0.3), [heading], Look(13, bold=True, colour=ACCENT), compared.language)
        put(slide, Box(right, 1.65, half, 3.3), why, Look(12, least=9), compared.language)
    heading = Sentence("Where the numbers come from").to(compared.language)
    put(slide, Box(right, 5.05, half, 0.3), [heading], Look(13, bold=True, colour=ACCENT), compared.language)
    digests = ", ".join(f"{wave} {digest[:12]}" for wave, digest in zip(compared.waves, compared.digests, strict=True))
    source = Sentence("Read from these publications: %(digests)s", {"digests": digests}).to(compared.language)
    put(slide, Box(right, 5.4, half, BOTTOM - 5.4), [source], Look(11, least=9, colour=INK), compared.language)


def _spoken(handed: Handed) -> str:
    """Return the notes of the speaker: the sentence, who can be told apart, what was said afterwards."""
    compared = handed.comparison
    apart = [] if compared.apart is None else [
        compared.apart.sentence, *(f"{each.head}: {', '.join(each.rest)}" if each.rest else each.head
                                   for each in compared.apart.says)
    ]  # fmt: skip
    return "\n".join([compared.sentence, *apart, *(each.whole for each in handed.afterwards), *compared.notes])
