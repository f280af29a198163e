"""What is signed, and whether it still is what there is, in words: the one place where reports have them from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from casescreen.model.rulebook import Rulebook
from casescreen.model.screening import Screening, Summary
from casescreen.model.sign_off import (
    SignedRun,
    SignOff,
    SubjectCheck,
    SubjectKind,
    SubjectState,
    Verification,
)
from casescreen.report.blocks import Block, Column, Grid, Heading, Item, Outline, Paragraph
from casescreen.text import counted, in_words, listed, single_line, visible

VERIFICATION_FORMAT = "casescreen-verification/1"
NOT_WHO = "It shows change, and not who signed: nothing in it proves who typed a name or a day."
_COMPARED = "Compared are the rules, the cases and the findings of this run, and no files."
_CHANGED = (
    "Hold what changed against the copy that you kept. Put the copy back, or, if the change is to stand, screen and "
    "sign again: this statement stays as it is, and a new one follows it."
)
_NO_CODE = (
    "Whether statements after the last one were cut off cannot be seen without the code in the minutes: give it with "
    "--code. Without it, whoever can write to the file could also have written all of it anew."
)
_LONGEST = 1_000
_MOST_FILES, _MOST_NAMED = 50, 5
_FEW = 6
_TOGETHER = (SubjectState.NOT_GIVEN, SubjectState.RENAMED, SubjectState.MATCHES)
_FINDINGS = SubjectKind.FINDINGS.value


# Reports


def signed_in_words(signed: SignedRun, as_of: date) -> str:
    """Who signed, and whether a run as at a day is what they signed, as a clause."""
    by = f"by {visible(signed.by)}, {visible(signed.role)}, " if signed.by else ""
    said = f"{by}on {in_words(signed.on)}"
    if not signed.changed:
        return f"{said}: matches"
    parts = list(signed.changed)
    if _FINDINGS in parts and signed.as_of != as_of:
        parts[parts.index(_FINDINGS)] = f"findings (as at {in_words(signed.as_of)} then)"
    return f"{said}; changed since: {', '.join(parts)}"


def signed_note(result: Summary) -> Iterator[tuple[str, str]]:
    """What is said of it under a label, where a file of statements was named."""
    if isinstance(result, Screening) and result.signed is not None:
        yield "SIGNED", signed_in_words(result.signed, result.as_of)


def signed_sentence(result: Summary) -> str:
    """The same as sentences; "" where no file of statements was named."""
    return "".join(f"Signed {said}. {_COMPARED} {NOT_WHO}" for _, said in signed_note(result))


def signed_as_json(signed: SignedRun) -> dict[str, object]:
    """The same as plain values."""
    return {
        "by": signed.by,
        "role": signed.role,
        "on": signed.on,
        "number": signed.number,
        "as_of": signed.as_of,
        "matches": not signed.changed,
        "changed": list(signed.changed),
    }


# A statement


def subjects_in_words(sign_off: SignOff) -> str:
    """How many things of which kind are signed."""
    words = {
        SubjectKind.RULES: ("rulebook", ""),
        SubjectKind.PROFILE: ("profile", ""),
        SubjectKind.MAPPING: ("mapping", ""),
        SubjectKind.CASES: ("case file", ""),
        SubjectKind.FINDINGS: ("findings file", ""),
        SubjectKind.ANSWERS: ("file of answers", "files of answers"),
        SubjectKind.MODERATED: ("moderated sheet", ""),
        SubjectKind.WAIVERS: ("file of waivers", "files of waivers"),
        SubjectKind.SAMPLE: ("sample", ""),
        SubjectKind.DOCUMENT: ("document", ""),
    }
    numbers = Counter(one.kind for one in sign_off.subjects if one.name)
    return listed([counted(numbers[kind], *words[kind]) for kind in SubjectKind if numbers[kind]], "and")


def statement_in_words(sign_off: SignOff) -> str:
    """Who states what, as what and on which day."""
    says, by, role = (visible(single_line(one), _LONGEST) for one in (sign_off.says, sign_off.by, sign_off.role))
    return f'"{says}" {by}, {role}, on {in_words(sign_off.on)}.'


# A verification


def verification_blocks(result: Verification, rulebook: Rulebook | None = None, most: int = 20) -> Iterator[Block]:
    """All of it: what changed, what was looked at, the file itself, and what it cannot show.

    Args:
        result: what came of it.
        rulebook: by which criteria are called; None where there is none to be had.
        most: how many of the findings that changed are listed.
    """
    sign_off = result.sign_off
    yield Heading(f"Statement {sign_off.number:,} of {result.statements:,} in {visible(result.file)}", 1)
    yield Paragraph(verdict(result))
    yield Paragraph(statement_in_words(sign_off))
    yield from _file(result)
    yield Heading("What was signed")
    yield from _checks(result)
    yield from _findings(result, rulebook, most)
    if any(one.state is not SubjectState.SAVED_AGAIN for one in result.changed):
        yield Heading("What to do")
        yield Paragraph(_CHANGED)
    yield Heading("What this can show")
    yield Paragraph(f"{NOT_WHO} Findings as at {in_words(sign_off.as_of)}, signed with {visible(sign_off.made_with)}.")


def verdict(result: Verification) -> str:
    """What came of it, in a sentence or two."""
    said = []
    if result.faults:
        said.append(f"The file of statements is not as it was: {counted(len(result.faults), 'problem')}, below.")
    changed = result.changed
    if any(one.kind is SubjectKind.CASES and _is_file(one) for one in changed):
        changed = tuple(one for one in changed if one.kind is not SubjectKind.CASES or _is_file(one))
    if changed:
        names = [f"{visible(one.name)} ({one.state.value})" for one in changed[:_MOST_NAMED]]
        more = [f"{len(changed) - _MOST_NAMED:,} more"] if len(changed) > _MOST_NAMED else []
        said.append(f"Changed since it was signed: {listed([*names, *more], 'and')}.")
        if all(one.state is SubjectState.SAVED_AGAIN for one in changed):
            said.append("Other bytes, but what is read in them is the same.")
    if result.not_given:
        them = "it" if len(result.not_given) == 1 else "them"
        said.append(
            f"{counted(len(result.not_given), 'thing')} could not be looked at, as no file was named for {them}."
        )
    return " ".join(said) or "Everything that was signed matches."


def _file(result: Verification) -> Iterator[Block]:
    if result.faults:
        yield Heading("The file of statements")
        yield Outline(tuple(Item(f"{one.place}: {one.what}", _parts(one.why, one.advice)) for one in result.faults))
    elif result.code_of is not None:
        later = result.statements - result.code_of
        more = counted(later, "statement more was", "statements more were")
        after = f" {more} added after it." if later else " Nothing was cut off."
        each = "The statement is whole" if result.statements == 1 else "Each statement follows the one before it"
        yield Paragraph(f"{each}, and the code is that of statement {result.code_of:,}.{after}")
    else:
        each = "The statement is whole. " if result.statements == 1 else "Each statement follows the one before it. "
        yield Paragraph(each + _NO_CODE)


def _parts(*texts: str) -> tuple[Item, ...]:
    return tuple(Item(f"{text.rstrip('.')}.") for text in texts if text)


_COLUMNS = (Column("What"), Column("How it stands", whole=True), Column("More"))


def _checks(result: Verification) -> Iterator[Block]:
    """What is not as it was, each; of other files of a kind how many, where there are many."""
    rows = []
    for kind in SubjectKind:
        of_kind = [one for one in result.checks if one.kind is kind]
        together = [one for one in of_kind if one.state in _TOGETHER and _is_file(one)]
        if len(together) <= _FEW:
            together = []
        shown = [one for one in of_kind if one not in together]
        rows += [_row(one) for one in shown[:_MOST_FILES]]
        if len(shown) > _MOST_FILES:
            more = f"and {counted(len(shown) - _MOST_FILES, 'more')} that are not as they were"
            rows.append((f"{kind.value}/...", "", more))
        for state in _TOGETHER:
            alike = [one for one in together if one.state is state]
            if alike:
                rows.append((f"{kind.value}/...", state.value, counted(len(alike), "file")))
    yield Grid(_COLUMNS, tuple(rows))


def _is_file(check: SubjectCheck) -> bool:
    return "/" in check.name


def _row(check: SubjectCheck) -> tuple[str, str, str]:
    name = check.name if _is_file(check) or check.kind is not SubjectKind.CASES else "all case files together"
    return visible(name), check.state.value, check.why


def _findings(result: Verification, rulebook: Rulebook | None, most: int) -> Iterator[Block]:
    changed = result.findings
    if changed is None:
        wrong = any(one.kind is SubjectKind.FINDINGS and one.state is SubjectState.CHANGED for one in result.checks)
        if wrong:
            yield Paragraph(
                "Which findings changed can be told with a copy of the file that was signed: name it with "
                "--old-findings."
            )
        return
    yield Heading(f"Findings that changed ({len(changed):,})")
    if not changed:
        yield Paragraph("None: every outcome, severity, owner and deadline is the same.")
        return
    names: Mapping[str, str] = {} if rulebook is None else {one.id: one.short for one in rulebook.criteria}
    columns = (Column("Case", whole=True), Column("Question"), Column("Signed"), Column("Now"))
    rows = [
        (
            visible(one.case),
            (names.get(one.criterion) or visible(one.criterion)) + (f" ({visible(one.item)})" if one.item else ""),
            one.then,
            one.now,
        )
        for one in changed[:most]
    ]
    yield Grid(columns, tuple(rows))
    if len(changed) > most:
        yield Paragraph(f"And {len(changed) - most:,} more: --output verified.json has all of them.")


def verification_json(result: Verification) -> str:
    """All of it as JSON, in the shape that docs/json-output.md describes: plain ASCII."""
    sign_off = result.sign_off
    content = {
        "format": VERIFICATION_FORMAT,
        "matches": not (result.faults or result.changed or result.not_given),
        "statement": {
            "number": sign_off.number,
            "of": result.statements,
            "says": sign_off.says,
            "by": sign_off.by,
            "role": sign_off.role,
            "on": sign_off.on.isoformat(),
            "as_of": sign_off.as_of.isoformat(),
            "made_with": sign_off.made_with,
        },
        "code_given": result.has_code,
        "code_of": result.code_of,
        "problems": [
            {"line": one.place.line, "what": one.what, "why": one.why, "advice": one.advice} for one in result.faults
        ],
        "subjects": [{"name": one.name, "state": one.state.value, "why": one.why} for one in result.checks],
        "findings": None
        if result.findings is None
        else [
            {"case": one.case, "criterion": one.criterion, "item": one.item, "then": one.then, "now": one.now}
            for one in result.findings
        ],
        "note": NOT_WHO,
    }
    return json.dumps(content, indent=2, ensure_ascii=True) + "\n"
