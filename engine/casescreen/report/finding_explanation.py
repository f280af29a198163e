"""Why a finding is what it is, for a person: in three sentences, and with the proof: all that was asked and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from casescreen.conditions.description import ConditionText, quote_label, quoted, supplied_in_words
from casescreen.evaluate.findings import Explanation
from casescreen.model.condition import All, Any, AsOf, Compare, Count, Covered, OverRows, Truth
from casescreen.model.outcome import Basis, Outcome, ReadersAnswer
from casescreen.model.rulebook import Criterion, Rulebook, Scope
from casescreen.model.screening import Conclusion, Finding, Proof, Screening
from casescreen.report.blocks import Block, Heading, Item, Outline, Paragraph
from casescreen.report.formats.plain_text import to_plain
from casescreen.report.sections.accepted import accepted_blocks, mark, said_of_finding
from casescreen.report.sections.cases import doubts
from casescreen.report.sections.conclusions import conclusion_item
from casescreen.report.wording import (
    KINDS,
    TOGETHER,
    local_holidays_in_words,
    text_not_shown,
    title_of,
    unverified_behind,
    whose,
    wrong_in_words,
)
from casescreen.text import in_words, listed

ANSWER = {Truth.TRUE: "yes", Truth.FALSE: "no", Truth.UNKNOWN: "not known"}


class ProofTree:
    """Lays out the proofs of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Keep what puts conditions into words and names rows."""
        self._wording = ConditionText(rulebook)
        self._tables = rulebook.dictionary.tables
        self._derived = {one.field for one in rulebook.derived}

    def item(self, proof: Proof) -> Item:
        """The condition with its answer, and under it what that rests on."""
        together = TOGETHER.get(type(proof.condition))
        if together is not None:
            return _answered(proof.truth, f"{together}:", *(self.item(part) for part in proof.parts))
        words = self._wording.condition(proof.condition)
        return _answered(proof.truth, words, *self._readings(proof), *_other_side(proof), *self._rows(proof))

    def _readings(self, proof: Proof) -> Iterator[Item]:
        for reading in proof.readings:
            is_known, is_derived = reading.value is not None, reading.field in self._derived
            says = "Worked out" if is_derived else "The record says" if is_known else "The record does not say"
            said = f": {quoted(reading.value)}" if is_known or is_derived else ""
            yield Item(f"{says}: {reading.field.label}{said}")

    def _rows(self, proof: Proof) -> Iterator[Item]:
        if not isinstance(proof.condition, OverRows | Count | Covered):
            yield from map(self.item, proof.parts)  # why a derived field is not known
            return
        table = self._tables[proof.condition.table]
        if proof.absent:
            yield Item(f"The record says nothing about {table.label}.")
        elif not proof.parts:
            yield Item(f"The record says that there are no {table.label}.")
        for row in proof.parts:
            name = f"{table.one}: {in_words(row.row)}"
            where = [] if row.where is None else [Item("Is it one that counts here?", (self.item(row.where),))]
            if row.where is not None and row.where.truth is Truth.FALSE:
                yield Item(f"[left out] {name}", tuple(where))  # with the reason why not, and nothing else
            else:
                yield _answered(row.truth, name, *where, *self._inner(row))

    def _inner(self, row: Proof) -> Iterator[Item]:
        for part in row.parts:
            match part.condition:
                case Count():
                    pass
                case Covered(by=by):
                    yield from self._readings(part)
                    yield _answered(part.truth, f"found among the {self._tables[by.table].label}")
                case _:
                    yield self.item(part)

    def wanting(self, proof: Proof) -> Iterator[Item]:
        """What would have to be true for the condition to be: of its parts, those that are not."""
        if proof.truth is Truth.TRUE:
            return
        match proof.condition:
            case All():
                for part in proof.parts:
                    yield from self.wanting(part)
            case Any():
                parts = tuple(item for part in proof.parts for item in _as_one(tuple(self.wanting(part))))
                yield parts[0] if len(parts) == 1 else Item("at least one of these:", parts)
            case _:
                rows = [in_words(row.row) for row in proof.parts if row.row and row.truth is not Truth.TRUE]
                among = f" (here: {'; '.join(rows)})" if rows and not isinstance(proof.condition, Count) else ""
                yield Item(f"{self._wording.condition(proof.condition)}{among}")


def _as_one(wanted: tuple[Item, ...]) -> tuple[Item, ...]:
    """What one way of several takes, as one line: all of it, where it takes more than one thing."""
    return wanted if len(wanted) < 2 else (Item("all of these:", wanted),)  # noqa: PLR2004 - two are more than one


def _answered(truth: Truth, words: str, *parts: Item) -> Item:
    return Item(f"[{ANSWER[truth]}] {words}", parts)


def _other_side(proof: Proof) -> Iterator[Item]:
    """What the value was held against, where the rule does not say it in so many words."""
    for parameter, supplied in ((proof.parameter, proof.expected), (proof.early_parameter, proof.early)):
        if parameter is not None:
            value = "not known, because the record lacks what it depends on"
            if supplied is not None:
                value = supplied_in_words(supplied)
            yield Item(f"Here: {parameter.label}: {value} ({whose(parameter)})")
    if isinstance(proof.condition, Compare) and isinstance(proof.condition.operand, AsOf):
        yield Item(f"Here: as-of date: {supplied_in_words(proof.expected)}")


_DECIDES = {Basis.EVIDENCE: "recorded facts decide", Basis.JUDGEMENT: "a reader decides"}
_FLAGS = {Truth.TRUE: "Raised", Truth.FALSE: "Not raised", Truth.UNKNOWN: "Cannot be told"}


# Finding by finding, what is to be acted on first.
_ORDER = (
    Outcome.NOT_MET,
    Outcome.NOT_YET_DUE,
    Outcome.NEEDS_JUDGEMENT,
    Outcome.NOT_EVIDENCED,
    Outcome.MET,
    Outcome.NOT_APPLICABLE,
)
_MOST_NAMED = 5


def explain_finding(screening: Screening, explanation: Explanation, width: int, *, proof: bool = False) -> str:
    """Why one finding is what it is, in lines no wider than ``width``: in three sentences, or with the whole proof."""
    if proof:
        return to_plain((*_finding(screening, explanation, level=1), *_hint(screening)), width)
    finding, rulebook = explanation.finding, screening.rulebook
    blocks = (
        Heading(f"{finding.case}: {title_of(finding, rulebook)}", level=1),
        *map(Paragraph, sentences_of(finding, rulebook)),
        *map(Paragraph, said_of_finding(screening, finding)),
        *map(Paragraph, _moderated(screening, finding)),
        Paragraph("With every condition and what was read for it: add --proof."),
        *_hint(screening),
    )
    return to_plain(blocks, width)


def sentences_of(finding: Finding, rulebook: Rulebook) -> tuple[str, ...]:
    """What it came to and why, what is in doubt about it, what it rests on, and what to do."""
    rests_on = f"{_rests_on(finding)} {unverified_behind(finding, rulebook)}".strip()
    return (_came_to(finding), *doubts(finding), rests_on, _what_to_do(finding))


def proof_in_words(screening: Screening, explanation: Explanation, width: int) -> str:
    """The whole proof of a finding, in lines no wider than ``width``."""
    return to_plain(_finding(screening, explanation, level=1), width)


def explain_case(
    screening: Screening, case: str, explanations: Iterable[Explanation], width: int, *, proof: bool = False
) -> str:
    """What was found in a case and concluded on it: a line for each finding, or with ``proof`` the proof of each."""
    names = (("Manager", screening.managers.get(case)), ("Team", screening.teams.get(case)))
    about = [f"As at {in_words(screening.as_of)}.", *(f"{title}: {name}." for title, name in names if name)]
    blocks: list[Block] = [Heading(f"Case {case}", level=1), Paragraph(" ".join(about))]
    conclusions = [c for c in screening.conclusions if c.on is Scope.CASE and c.subject == case]
    if conclusions:
        items = tuple(
            conclusion_item(conclusion, named=False) if proof else _concluded(conclusion) for conclusion in conclusions
        )
        blocks += [Heading("Conclusions"), Outline(items, spaced=proof)]
    if proof:
        for explanation in explanations:
            blocks += _finding(screening, explanation, level=2)
    else:
        blocks += _in_short(screening, [explanation.finding for explanation in explanations])
    blocks += accepted_blocks(screening)
    return to_plain((*blocks, *_hint(screening)), width)


def _concluded(conclusion: Conclusion) -> Item:
    """What was concluded, and what would put it right."""
    remedy = (Item(f"To put it right: {conclusion.remedy}"),) if conclusion.remedy else ()
    return Item(f"{KINDS[conclusion.kind]}: {conclusion.says}", remedy)


def _in_short(screening: Screening, findings: Sequence[Finding]) -> Iterator[Block]:
    """Every finding in a line, by outcome; of those with which nothing is to be done, what each is called."""
    rulebook = screening.rulebook
    for outcome in _ORDER:
        of_it = [one for one in findings if one.outcome is outcome]
        lines = [_line(one, screening) for one in of_it]
        if lines and outcome in (Outcome.MET, Outcome.NOT_APPLICABLE):
            asked = (rulebook.criterion[one.criterion] for one in of_it)
            lines = ["; ".join(dict.fromkeys(one.short or one.title for one in asked))]
        if of_it:
            yield Heading(f"{outcome.value.capitalize()}: {len(of_it):,}")
            yield Outline(tuple(map(Item, lines)))
    yield Paragraph("Why, and what to do: name one of them after the case. With every proof: add --proof.")


def _line(finding: Finding, screening: Screening) -> str:
    rulebook = screening.rulebook
    failed = finding.outcome is Outcome.NOT_MET
    said = wrong_in_words(finding, rulebook).removesuffix(".") if failed else title_of(finding, rulebook)
    return f"{said}{'.' if failed else ':'} {finding.reason}{mark(screening, finding)} ({finding.criterion})"


def _came_to(finding: Finding) -> str:
    """What it came to, and why."""
    return f"{finding.shortfall or f'{finding.outcome.value.capitalize()}.'} {finding.reason}".strip()


def _rests_on(finding: Finding) -> str:
    """Whose word decides it, or which fields of the record, and when it falls due."""
    said = "The rulebook asks it of every case."
    if finding.standing.applies is Truth.TRUE and finding.standing.basis is Basis.JUDGEMENT:
        answered = finding.standing.answer is not ReadersAnswer.NONE
        said = "It rests on a reader's answer." if answered else "It waits for a reader's answer."
    elif labels := list(dict.fromkeys(quote_label(one.field) for one in finding.values)):
        more = [f"{len(labels) - _MOST_NAMED:,} more"] if len(labels) > _MOST_NAMED else []
        waits = "waits for" if finding.outcome is Outcome.NOT_EVIDENCED else "rests on"
        said = f"It {waits} what the record says of {listed([*labels[:_MOST_NAMED], *more], 'and')}."
    elif finding.missing:
        said = f"It waits for what the record says of {listed(finding.missing[:_MOST_NAMED], 'and')}."
    if finding.due is None or in_words(finding.due) in finding.reason:
        return said
    return f"{said} It {'is' if finding.outcome is Outcome.NOT_YET_DUE else 'was'} due by {in_words(finding.due)}."


def _what_to_do(finding: Finding) -> str:
    """What to do next, and who is to do it."""
    todo = finding.remedy
    if finding.outcome is Outcome.NOT_YET_DUE and finding.due is not None:
        todo = f"Have it done by {in_words(finding.due)}, and record it."
    if not todo:
        return "Nothing is to be done about it."
    return f"What to do: {todo} Owner: {finding.owner or 'not recorded'}."


def _moderated(screening: Screening, finding: Finding) -> Iterator[str]:
    """That the reader's answer was moderated, with what both readers had answered; nothing where it was not."""
    used = screening.answers_used
    if used is not None and (said := used.said_of((finding.case, finding.criterion, finding.item))):
        yield said


def _hint(screening: Screening) -> Iterator[Block]:
    if screening.answers_used is not None:
        yield Paragraph(f"Readers' answers: {screening.answers_used}.")
    yield from map(Paragraph, local_holidays_in_words(screening.rulebook))
    if hint := text_not_shown(screening.quoting):
        yield Paragraph(hint)


def _finding(screening: Screening, explanation: Explanation, level: int) -> Iterator[Block]:
    finding, rulebook = explanation.finding, screening.rulebook
    criterion, tree = rulebook.criterion[finding.criterion], ProofTree(rulebook)
    case = f"{finding.case}: " if level == 1 else ""
    yield Heading(f"{case}{title_of(finding, rulebook)}", level)
    lines = [f"Outcome: {finding.outcome.value}"]
    lines += [f"Shortfall: {finding.shortfall}"] if finding.shortfall else []
    lines += [f"Why: {finding.reason}", *doubts(finding)]
    if finding.due is not None:
        lines.append(f"Due: by {in_words(finding.due)}")
    lines += [line for line in (unverified_behind(finding, rulebook),) if line]
    lines.append(f"Owner: {finding.owner or 'not recorded'}")
    lines += (*said_of_finding(screening, finding), *_moderated(screening, finding))
    if finding.remedy:
        lines.append(f"To put it right: {finding.remedy}")
    lines.append(f"Question: {criterion.question} ({_DECIDES[criterion.basis]})")
    lines.append(f"Source: {criterion.source}. Severity: {criterion.severity.value}")
    yield Outline(tuple(Item(line) for line in lines))
    for question, proof in (("Does it apply?", explanation.applies), ("Do the facts meet it?", explanation.met)):
        if proof is not None:
            yield Outline((Item(f"{question} {ANSWER[proof.truth].capitalize()}", (tree.item(proof),)),))
    if explanation.flags:
        flags = (Item(f"{_FLAGS[proof.truth]}: {says}", (tree.item(proof),)) for says, proof in explanation.flags)
        yield Outline((Item("Facts beside the reader's judgement", tuple(flags)),))
    if finding.outcome not in (Outcome.MET, Outcome.NOT_APPLICABLE):
        wanting = tuple(_wanting(explanation, criterion, tree))
        if wanting:
            yield Outline((Item("What would have to be true for it to be met", wanting),))


def _wanting(explanation: Explanation, criterion: Criterion, tree: ProofTree) -> Iterator[Item]:
    for proof in (explanation.applies, explanation.met):
        if proof is not None:
            yield from tree.wanting(proof)
    standing = explanation.finding.standing
    if standing.basis is Basis.JUDGEMENT:
        again = "" if standing.answer is ReadersAnswer.NONE else ", having read the case again"
        yield Item(f"a reader answers yes{again}: {criterion.question}")
