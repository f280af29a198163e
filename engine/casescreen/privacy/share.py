"""What may be shown of a screening: names replaced, small counts taken out, or both; and of a sample, its counts."""

from __future__ import annotations

from collections import Counter

from attrs import evolve

from casescreen.model.dictionary import Field
from casescreen.model.problem import CasescreenError
from casescreen.model.rulebook import Scope
from casescreen.model.sample import CANNOT_TELL, SampleRecord
from casescreen.model.sample_figures import SampleCounts
from casescreen.model.screening import Count, Screening, Summary, Suppressed
from casescreen.privacy.pseudonyms import groups_pseudonymised, pseudonymised
from casescreen.privacy.suppress import suppressed
from casescreen.privacy.withholding import is_few


def shared(
    screening: Screening,
    key: bytes | None,
    under: int | None,
    groups: Scope | None = None,
    split: Field | None = None,
) -> Summary:
    """What may be shown of the screening, and nothing else.

    Args:
        screening: what was found; with a key, one that quotes nothing.
        key: the key of pseudonyms, or None where names stand as they are.
        under: the threshold under which counts are not shown, or None where all are.
        groups: by whom figures are grouped, in a copy without small counts; None by nobody.
        split: the characteristic by whose groups figures are set beside one another in such a copy; None by none.
    """
    if under is None:
        return screening if key is None else pseudonymised(screening, key)
    # Names decide which groups are told together, so they are replaced afterwards: else two copies would differ.
    copy = suppressed(screening, under, groups, split)
    return copy if key is None else groups_pseudonymised(copy, screening, key)


def shared_counts(record: SampleRecord, under: int) -> SampleCounts:
    """The counts of a sample that may be shared. Each table is shown whole, or not at all: else sums would tell.

    Raises:
        CasescreenError: so few were drawn, or were eligible, that nothing may be told of them.
    """
    not_eligible = len(record.excluded)
    if is_few(record.size, under) or is_few(record.eligible, under):
        raise CasescreenError(
            f"Fewer than {under} cases were drawn, or could be, so nothing may be shared of this sample.",
            advice="share it with nobody who may not see the records, or give a smaller number.",
        )
    strata = tuple((one.name, len(one.tickets), one.drawn) for one in record.strata)
    numbers = [count for _, eligible, drawn in strata for count in (eligible, drawn)]
    # Each case counts once, with the first reason: of parts that overlap, sums and differences could tell small ones.
    reasons = Counter("" if one.unknown else one.rules[0] for one in record.excluded)
    tells = not any(is_few(count, under) for count in reasons.values())
    said = {one.id: one.reason for one in record.plan.rules} | {"": CANNOT_TELL}
    # How many cases there are stands in other copies: less those who are eligible, it would tell how few are not.
    tells_eligible = not is_few(not_eligible, under)
    return SampleCounts(
        plan=evolve(record.plan, must_include=()),
        drawn=record.size,
        eligible=record.eligible if tells_eligible else Suppressed.WITHHELD,
        strata=strata if tells_eligible and not any(is_few(count, under) for count in numbers) else None,
        not_eligible=_lone(not_eligible, under),
        reasons=tuple((reason, reasons[id_]) for id_, reason in said.items() if reasons[id_]) if tells else None,
        replaced=_lone(len(record.replacements), under),
        under=under,
    )


def _lone(count: int, under: int) -> Count:
    return Suppressed.FEW if is_few(count, under) else count
