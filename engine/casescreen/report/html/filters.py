"""Filters over the case sections: there for whoever has script on, unseen by whoever has not."""

from __future__ import annotations

from collections.abc import Sequence

from casescreen.model.outcome import Outcome
from casescreen.report.html.markup import Html, join, tag
from casescreen.report.standing import CaseStanding

ACTIONS = "Act now"
_ACT, _ATTENTION = "act", "attention"


class Filters:
    """What the cases can be filtered by. A case carries words and numbers of ours, never what its record says."""

    def __init__(self, cases: Sequence[CaseStanding]) -> None:
        """Number the managers in order of name; who is not named comes last."""
        names = sorted({case.manager for case in cases}, key=lambda name: (not name, name))
        self._managers = {name: str(number) for number, name in enumerate(names, start=1)}

    def form(self) -> Html:
        """The controls, hidden until a script shows them."""
        managers = ((number, name or "not recorded") for name, number in self._managers.items())
        outcomes = ((_word(outcome), f"with something {outcome.value}") for outcome in Outcome)
        show = ((_ACT, "to act on now"), (_ATTENTION, "that need attention"), *outcomes)
        heading = tag("h3", "Choose what is shown and printed")
        choices = (
            _choice("show", "Cases", ("", "all"), *show),
            _choice("manager", "Manager", ("", "all"), *managers),
            _choice("others", "Findings with nothing to do", ("", "closed"), ("open", "open")),
        )
        status = tag("p", "", id="shown", role="status")
        return tag("form", heading, *choices, status, id="filters", hidden=True)

    def marks(self, case: CaseStanding) -> dict[str, str]:
        """What the script reads on the section of a case."""
        words = [_word(outcome) for outcome in Outcome if case.counts[outcome]]
        if case.needs_attention:
            words.insert(0, _ATTENTION)
        if case.actions:
            words.insert(0, _ACT)
        return {"data_show": " ".join(words), "data_manager": self._managers[case.manager]}


def _word(outcome: Outcome) -> str:
    return outcome.value.replace(" ", "-")


def _choice(name: str, words: str, *options: tuple[str, str]) -> Html:
    each = join(tag("option", said, value=value) for value, said in options)
    return tag("div", tag("label", words, for_=f"by-{name}"), tag("select", each, id=f"by-{name}"))
