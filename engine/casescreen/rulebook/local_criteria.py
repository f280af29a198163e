"""The criteria that a profile adds, and how much it lets those of the rulebook matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import Factory, define

from casescreen.model.in_force import LocalCriterion, LocalSeverity
from casescreen.model.problem import Advice
from casescreen.model.rulebook import Criterion, Parameter, Severity
from casescreen.rulebook.criteria import CriterionScope, read_criterion
from casescreen.rulebook.file_schema import CriterionSpec, LocalSeveritySpec, structure
from casescreen.rulebook.names import KnownNames, entries, find
from casescreen.rulebook.profile_layer import LOCAL, Layer, ProfileBase, settings_by_name
from casescreen.syntax.rule_file import Location
from casescreen.text import did_you_mean, in_words, listed

_ALL_CRITERIA = Advice("casescreen rules list shows every criterion.", "The whole report names every one.")


@define(eq=False)
class LocalCriteria:
    """What is added so far, and the severities that are set, the last that set one counting.

    Attributes:
        written: criteria of the profile's own by id: the file, where they stand in it, and what stands there; read
            when all else is known.
        severities: by the criterion's id.
    """

    base: ProfileBase
    written: dict[str, tuple[Layer, Location, object]] = Factory(dict)
    severities: dict[str, LocalSeverity] = Factory(dict)
    _severity_places: dict[str, Location] = Factory(dict)

    @property
    def ids(self) -> tuple[str, ...]:
        """Those of the rulebook, and of the profile."""
        return (*self.base.rulebook.criterion, *self.written)

    def report_unknown(self, id_: str, known: Iterable[str], or_: str, place: Location) -> None:
        """Report that there is no such criterion, with what it is called now or what may have been meant."""
        renamed = self.base.rulebook.renamed
        advice = did_you_mean(id_, known) or _ALL_CRITERIA
        place.report(
            f'there is no criterion {or_}"{id_}"', f"It is called {renamed[id_]} now." if id_ in renamed else advice
        )

    def take(self, layer: Layer) -> None:
        """Take the criteria that a file adds."""
        place = layer.location.at("criteria")
        for id_, raw in entries(layer.spec.criteria, "question", place).items():
            self._add(id_, raw, layer, place.at(id_).named(f"criterion {id_}"))

    def _add(self, id_: str, raw: object, layer: Layer, place: Location) -> None:
        if not id_.startswith(LOCAL):
            why = "Then it can be told from those of the rulebook, today and in later versions."
            place.report(f'"{id_}" does not begin with "{LOCAL}"', f'Call it "{LOCAL}{id_}".', why)
        elif id_ in self.ids:
            where = self.written[id_][0].location.file.name if id_ in self.written else "the rulebook"
            advice = "Give it an id of its own. Criteria are not edited: switch one off, and add another."
            place.report(f'there is a criterion "{id_}" already, in {where}', advice)
        else:
            self.written[id_] = (layer, place, raw)

    # How much a criterion matters

    def take_severities(self, layer: Layer) -> None:
        """Take the severities that a file sets over those that were set before."""
        for id_, spec, place in settings_by_name(layer.spec.severity, "severity", LocalSeveritySpec, layer.location):
            if id_ not in self.ids:
                self.report_unknown(id_, self.ids, "", place)
            elif id_ in self.written:
                what = f"{id_} is a criterion of the profile's own"
                place.report(what, "Write its severity where it stands.")
            else:
                self._set_severity(id_, spec, layer, place)

    def _set_severity(self, id_: str, spec: LocalSeveritySpec, layer: Layer, place: Location) -> None:
        criterion, earlier = self.base.rulebook.criterion[id_], self.severities.get(id_)
        overrode = () if earlier is None else (*earlier.overrode, (earlier.said, earlier.now))
        if spec.rulebook_has is not None:
            about = f'the severity of "{criterion.title}"'
            self.base.compare(about, spec.rulebook_has.value, criterion.severity.value)
        self.severities[id_] = LocalSeverity(
            id_, criterion.title, spec.value, criterion.severity, spec.reason, layer.said(place), overrode
        )
        self._severity_places[id_] = place

    def check_severities(self, off: Mapping[str, object]) -> None:
        """Report a severity of what is off.

        Args:
            off: who switched it off, by id.
        """
        for id_, place in self._severity_places.items():
            if id_ in off:
                what = f"{id_} is off, in {off[id_]}"
                place.report(what, "Keep one of the two.", "What is not asked has no severity.")

    @property
    def severities_now(self) -> dict[str, Severity]:
        """The severities that are set, by the criterion's id."""
        return {id_: one.now for id_, one in self.severities.items()}

    @property
    def local_severities(self) -> tuple[LocalSeverity, ...]:
        """The severities that are set, in the rulebook's order."""
        return tuple(self.severities[one] for one in self.base.rulebook.criterion if one in self.severities)

    # What is added

    def read(self, parameters: Mapping[str, Parameter]) -> dict[str, Criterion]:
        """The criteria of the profile's own that are sound, by id.

        Args:
            parameters: every parameter as it is in force.
        """
        themes = {one.id: one for one in self.base.rulebook.themes}
        own: dict[str, Criterion] = {}
        for id_, (layer, place, raw) in self.written.items():
            if not isinstance(raw, dict):
                structure(raw, CriterionSpec, place)
            elif "theme" not in raw:
                place.report('"theme" is missing', f"Add theme = ..., one of {listed(themes)}.")
            elif (theme := find(themes, raw["theme"], "theme", place.at("theme"))) is not None:
                rest = {key: value for key, value in raw.items() if key != "theme"}
                criterion = read_criterion(id_, theme.id, self._scope(layer, parameters), place, rest)
                if criterion is not None:
                    self._check_days(criterion, layer, place.at("example"))
                    own[id_] = criterion
        return own

    def _check_days(self, criterion: Criterion, layer: Layer, place: Location) -> None:
        """Report examples of a day that is not said, or that the calendar does not cover."""
        calendar = self.base.rulebook.calendar
        wrong = next((one for one in criterion.examples if not calendar.covers(one.as_of)), None)
        if wrong is None:
            return
        if layer.spec.examples_as_of is None and wrong.as_of == date.max:
            place.report("its examples are of no day", "Add examples_as_of = 2016-05-09, say, to the profile.")
        else:
            days = f"{in_words(calendar.covers_from)} to {in_words(calendar.covers_until)}"
            what = f"{in_words(wrong.as_of)} lies outside the calendar {calendar.id}"
            place.report(what, f"Choose a date from {days}.")

    def _scope(self, layer: Layer, parameters: Mapping[str, Parameter]) -> CriterionScope:
        """What a criterion of the profile's own may refer to."""
        base, tables = self.base.rulebook, self.base.rulebook.dictionary.tables
        names = KnownNames(
            base.dictionary.fields,
            tables,
            {name: table.columns for name, table in tables.items()},
            parameters,
            base.roles,
            derived={one.field.full_name: one for one in base.derived},
            facts={fact.id: fact for fact in base.facts},
            language=base.language,
        )
        everywhere = dict.fromkeys(one for rule in base.criteria for one in rule.not_asked if one.everywhere)
        return CriterionScope(
            self.base.known_documents,
            {one.id: one for one in base.themes},
            names,
            layer.spec.examples_as_of,
            tuple(everywhere),
            base.bands.sets,
            dict(zip(base.stages, base.stages, strict=True)),
        )

    def added(self, criterion: Criterion) -> LocalCriterion:
        """A criterion of the profile's own, with who says it."""
        layer, place, _ = self.written[criterion.id]
        return LocalCriterion(criterion.id, criterion.title, layer.said(place))
