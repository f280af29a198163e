"""What may be shown of a screening: names replaced, small counts taken out, or both."""

from __future__ import annotations

from casescreen.model.dictionary import Field
from casescreen.model.rulebook import Scope
from casescreen.model.screening import Screening, Summary
from casescreen.privacy.pseudonyms import groups_pseudonymised, pseudonymised
from casescreen.privacy.suppress import suppressed


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
