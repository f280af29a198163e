"""A sample in words and tables: who was drawn, who could not be and why, and what it says of all it was drawn from."""

from __future__ import annotations

from collections.abc import Iterator

from casescreen.model.sample import MOST_REPLACED, DrawnAs, Exclusion, SamplePlan, SampleRecord, short_code
from casescreen.model.sample_figures import SampleCounts, ScreenedSample
from casescreen.model.screening import Summary
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.report.wording import SHORT_HASH, number_of
from casescreen.text import counted, in_words, listed, visible

_MOST_NAMED = 30
_LONGEST = 1_000
_STRATUM = "Stratum"
_DRAWN = (Column("No.", figures=True), Column("Case", whole=True), Column(_STRATUM), Column("How"), Column("Ticket"))
_STRATA = (Column(_STRATUM), Column("Eligible", figures=True), Column("Drawn", figures=True))
_REASONS = (Column("Why not eligible"), Column("Cases", figures=True))
_PARAMETERS = (Column("Parameter"), Column("Value"), Column("Status"), Column("Source"))
_SHORT_TICKET = 16


def sample_blocks(record: SampleRecord) -> Iterator[Block]:
    """All that a sample holds, as its holder may see it; of very many cases the first are named."""
    plan = record.plan
    yield Heading(f"Sample: {visible(plan.title)}", 1)
    yield Paragraph(f"{_how_many(record)} Eligible as at {in_words(plan.as_of)}.")
    kept = [number for number, column in enumerate(_DRAWN) if plan.strata or column.title != _STRATUM]
    rows = (tuple(row[number] for number in kept) for row in _drawn_rows(record))
    yield Grid(tuple(_DRAWN[number] for number in kept), tuple(rows))
    yield from _replaced(record)
    yield from _reserves(record)
    if plan.strata:
        yield Heading("Strata")
        yield Paragraph(f"By {plan.strata}: each gets its share, and the largest remainders one more.")
        rows = ((visible(one.name), f"{len(one.tickets):,}", f"{one.drawn:,}") for one in record.strata)
        yield Grid(_STRATA, tuple(rows))
    yield from _not_eligible(record)
    yield from _plan(plan)
    yield Heading("To draw it again")
    before = "It was committed to before the seed was known" if record.committed else "Nobody had committed to it"
    id_, version, hash_ = record.rulebook
    yield Outline(
        (
            Item(f"Seed: {visible(record.seed)}"),
            Item(f"List: {short_code(record.list_hash)}. {before}"),
            Item(f"Plan: hash {visible(plan.hash[:SHORT_HASH])}. This sample: hash {record.hash[:SHORT_HASH]}"),
            Item(f"Rulebook: {visible(id_)}, version {visible(version)}, hash {visible(hash_[:SHORT_HASH])}"),
            *([Item(f"Cases: hash {visible(record.cases_hash[:SHORT_HASH])}")] if record.cases_hash else []),
        )
    )
    yield Paragraph(
        "A ticket is the SHA-256 of seed, stratum and case, with a line feed between them; the smallest comes first. "
        "Nobody who may not see the records should see this: from a seed or a ticket an id can be guessed."
    )


def _how_many(record: SampleRecord) -> str:
    named = len(record.drawn) - record.size
    said = f"{record.size:,} drawn of {counted(record.eligible, 'eligible case')}."
    if named:
        they = "It enters" if named == 1 else "They enter"
        said += f" {counted(named, 'more case')} must be read in any case. {they} no rate."
    return said


def _drawn_rows(record: SampleRecord) -> Iterator[tuple[str, ...]]:
    outside = {one.case for one in record.excluded} if record.plan.must_include else frozenset()
    for number, one in enumerate(record.drawn, 1):
        how = one.drawn_as.value
        if one.replaces:
            how = f"in place of {visible(one.replaces)}"
        elif one.drawn_as is DrawnAs.MUST_INCLUDE:
            beside = ", though not eligible" if one.id in outside else ""
            how = f"must be included{beside}: {visible(one.reason, _LONGEST)}"
        yield str(number), visible(one.id), visible(one.stratum), how, one.ticket[:_SHORT_TICKET]


def _replaced(record: SampleRecord) -> Iterator[Block]:
    if not record.replacements:
        return
    yield Heading("Replaced")
    lines = (
        f"{visible(one.case)} by {visible(one.by_case)}, on {in_words(one.on)}, by {visible(one.by)}: "
        f"{visible(one.reason, _LONGEST)}"
        for one in record.replacements
    )
    yield Outline(tuple(map(Item, lines)))
    if record.too_many_replaced:
        yield Paragraph(too_many_replaced(record))


def too_many_replaced(record: SampleRecord) -> str:
    """That more were replaced than a sample bears."""
    were = "was" if len(record.replacements) == 1 else "were"
    share = f"{len(record.replacements):,} of the {record.size:,} drawn {were} replaced"
    return (
        f"{share}: more than {MOST_REPLACED} per cent. Why a case cannot be read often goes with how it was worked on: "
        "say so wherever these figures are used."
    )


def _reserves(record: SampleRecord) -> Iterator[Block]:
    waiting = [
        (visible(case), visible(one.name))
        for one in record.strata
        for case in record.waiting(one.name)[: max(0, one.reserves - _used(record, one.name))]
    ]
    if waiting:
        yield Heading("In reserve, the next first")
        if record.plan.strata:
            yield Grid((Column("Case", whole=True), Column(_STRATUM)), tuple(waiting))
        else:
            yield Paragraph(f"{', '.join(case for case, _ in waiting)}.")


def _used(record: SampleRecord, stratum: str) -> int:
    cases = {case for one in record.strata if one.name == stratum for _, case in one.tickets}
    return sum(one.by_case in cases for one in record.replacements)


def _not_eligible(record: SampleRecord) -> Iterator[Block]:
    reasons = {one.id: one.reason for one in record.plan.rules}
    known = [one for one in record.excluded if not one.unknown]
    if known:
        yield Heading("Not eligible")
        yield Outline(
            tuple(
                Item(f"{visible(reason)}: {counted(len(cases), 'case')}", (Item(_first(cases)),))
                for id_, reason in reasons.items()
                if (cases := [one.case for one in known if id_ in one.rules])
            )
        )
    unknown = record.admitted or tuple(one for one in record.excluded if one.unknown)
    if unknown:
        yield Heading("Cannot be told")
        yield Paragraph(cannot_tell(record))
        yield Outline(tuple(Item(_missing(one, reasons)) for one in unknown[:_MOST_NAMED]))
        if len(unknown) > _MOST_NAMED:
            yield Paragraph(f"And {len(unknown) - _MOST_NAMED:,} more, which the file of the sample names.")


def cannot_tell(record: SampleRecord) -> str:
    """Of how many cases the record does not tell whether they are eligible, and what was done with them."""
    unknown = len(record.admitted) or sum(one.unknown for one in record.excluded)
    cases = "is 1 case" if unknown == 1 else f"are {unknown:,} cases"
    if record.admitted:
        return f"There {cases} of which the record does not tell; the plan has them drawn from like the others."
    they = ("It was" if unknown == 1 else "They were") if record.seed else ("It is" if unknown == 1 else "They are")
    then = (
        "say so wherever this sample is used."
        if record.seed
        else "fill in what is missing and commit again, or say that they could not be drawn."
    )
    return f"There {cases} of which the record does not tell. {they} left out, and may be eligible: {then}"


def _missing(one: Exclusion, reasons: dict[str, str]) -> str:
    why = listed((visible(reasons.get(rule, rule)) for rule in one.rules), "or")
    return f"{visible(one.case)}: {why}? Missing: {listed(map(visible, one.missing), 'and') or 'what rows hold'}"


def _first(cases: list[str]) -> str:
    names = [visible(case) for case in cases[:_MOST_NAMED]]
    more = [f"{len(cases) - _MOST_NAMED:,} more"] if len(cases) > _MOST_NAMED else []
    return listed([*names, *more], "and")


def _plan(plan: SamplePlan) -> Iterator[Block]:
    yield Heading("The plan")
    yield Outline(tuple(Item(f"{visible(one.says)}") for one in plan.rules))
    if plan.parameters:
        rows = ((visible(p.label), visible(p.value), p.status.value, visible(p.source)) for p in plan.parameters)
        yield Grid(_PARAMETERS, tuple(rows))


def counts_blocks(counts: SampleCounts) -> Iterator[Block]:
    """What may be shared of a sample."""
    plan, under = counts.plan, counts.under
    yield Heading(f"Sample: {visible(plan.title)}", 1)
    others, replaced = (number_of(count, under, "case") for count in (counts.not_eligible, counts.replaced))
    eligible = "the eligible cases, the number of which is withheld"  # it would tell how few are not
    if isinstance(counts.eligible, int):
        eligible = counted(counts.eligible, "eligible case")
    yield Paragraph(
        f"A copy to share. No case, ticket or seed is in it, and no count of cases from 1 to {under - 1:,}. "
        f"{counts.drawn:,} drawn of {eligible}, as at {in_words(plan.as_of)}. Left out: {others}, each of which counts "
        f"once, with the first reason. Replaced: {replaced[:1].lower()}{replaced[1:]}."
    )
    if plan.strata:
        yield Heading("Strata")
        if counts.strata is None:
            yield Paragraph("Withheld: there is a small count among them, or one could be worked out from them.")
        else:
            rows = ((visible(name), f"{eligible:,}", f"{drawn:,}") for name, eligible, drawn in counts.strata)
            yield Grid(_STRATA, tuple(rows))
    yield Heading("Left out, and why")
    if counts.reasons is None:
        yield Paragraph("Withheld: there is a small count among them.")
    else:
        rows_of_reasons = tuple((visible(reason), f"{count:,}") for reason, count in counts.reasons)
        yield Grid(_REASONS, rows_of_reasons) if rows_of_reasons else Paragraph("None.")
    yield from _plan(plan)


def sample_in_short(sample: ScreenedSample) -> str:
    """What a report is of, in a line."""
    said = f"A sample: {sample.size:,} of {counted(sample.eligible, 'eligible case')}"
    said += f" · {len(sample.must_include):,} more in no rate" if sample.must_include else ""
    return said + (f" · {len(sample.missing):,} not screened" if sample.missing else "")


def sample_in_words(sample: ScreenedSample) -> str:
    """What a report is of, which of it was not screened, and what enters no rate, in sentences."""
    title = f' "{visible(sample.title)}"' if sample.title else ""
    said = f"A sample{title}: {sample.size:,} of {counted(sample.eligible, 'eligible case')}, drawn by lot."
    if sample.missing:
        said += f" {not_screened(sample)}"
    if number := len(sample.must_include):
        said += f" {counted(number, 'more case')}, named before the draw and not drawn,"
        said += (
            " is among the findings and enters no rate."
            if number == 1
            else " are among the findings and enter no rate."
        )
    return said


def not_screened(sample: ScreenedSample) -> str:
    """How many cases of a sample were not screened, and that this says nothing of them."""
    were = "was" if len(sample.missing) == 1 else "were"
    return (
        f"{counted(len(sample.missing), 'case')} of the sample {were} not screened: not among these records, or not "
        "begun by then. That says nothing of how they stand."
    )


def screened_blocks(result: Summary) -> Iterator[Block]:
    """The sample that a report is of, and what can be said of all cases that it was drawn from; nothing without one."""
    sample = result.drawn
    if sample is None:
        return
    yield Heading("The sample")
    yield Paragraph(sample_in_words(sample))
    lines = []
    if sample.missing:
        lines.append(f"Not screened: {listed(map(visible, sample.missing), 'and')}")
    if sample.must_include:
        lines.append(f"Named before the draw, and in no rate: {listed(map(visible, sample.must_include), 'and')}")
    if sample.replaced:
        lines.append(f"Replaced: {sample.replaced:,} of the {sample.size:,} drawn")
    if sample.rules:
        lines.append(f"Eligible: {'; '.join(visible(one) for one in sample.rules)}")
    if sample.unverified:
        lines.append(f"Of that these numbers are unverified: {'; '.join(map(visible, sample.unverified))}")
    if sample.hash:
        lines.append(f"Eligible as at {in_words(sample.as_of)}. File of the sample: hash {sample.hash[:SHORT_HASH]}")
    if lines:
        yield Outline(tuple(map(Item, lines)))
    yield from interval_blocks(result)


def interval_blocks(result: Summary) -> Iterator[Block]:
    """In how many of all eligible cases each criterion can be met, and not met; or why that cannot be said."""
    sample = result.drawn
    if sample is None:
        return
    if sample.no_interval:
        yield Paragraph(
            f"Of all {sample.eligible:,} eligible cases nothing is said here: {sample.no_interval}. The figures are of "
            "the cases that were read."
        )
        return
    yield Paragraph(what_intervals_mean(sample))
    of = f"of all {sample.eligible:,}"
    columns = (
        Column("Criterion"),
        Column("Met", figures=True),
        Column(f"Met, {of}", figures=True, whole=True),
        Column("Not met", figures=True),
        Column(f"Not met, {of}", figures=True, whole=True),
    )
    rows = [
        (result.rulebook.criterion[id_].title, f"{met.sampled:,}", str(met), f"{other.sampled:,}", str(other))
        for id_, met in sample.met.items()
        if met.sampled + (other := sample.not_met[id_]).sampled
    ]
    if rows:
        yield Grid(columns, tuple(rows))


def what_intervals_mean(sample: ScreenedSample) -> str:
    """What the ranges are, and what they are not."""
    if sample.size == sample.eligible:
        return f"All {sample.eligible:,} eligible cases were drawn, so the figures are of all of them."
    whole = f"all {sample.eligible:,}"
    return (
        f"The draw was from {whole} eligible cases alike. So it can be said in how many of them a question is met, and "
        "in how many it is not: between the two numbers beside each, which are right for at least 95 of 100 such draws "
        "(exact, from the hypergeometric distribution). Of forty ranges one or two may be wrong. Both are out of "
        f"{whole}: the rest are cases of which the question is not asked, or the answer not known. A case counts once, "
        'with its worst row. For "k of n" there is no range, since nobody knows of how many of all cases the question '
        "is asked."
    )
