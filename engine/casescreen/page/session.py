"""What a page asks of the engine: values in and out as JSON, and files as bytes."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from casescreen import __version__
from casescreen.history.comparison import compare
from casescreen.history.findings_file import run_from, run_of
from casescreen.model.change import Comparison
from casescreen.model.problem import CasescreenError, Problem, ProblemsError
from casescreen.page import downloads, open_questions, page_json
from casescreen.page.dropped_files import DroppedFiles
from casescreen.page.files_read import Asked, FilesRead, read, rulebook_named, what_was_read
from casescreen.page.page_json import Arguments
from casescreen.page.screened_cases import Progress, ScreenedCases, what_was_found, why
from casescreen.resources import SAMPLE_DAY, sample_folder, shipped_rulebooks

# Hardly anything here is ever garbage in a circle; to look for it at the usual rate costs a tenth of a run.
_OBJECTS_BETWEEN_COLLECTIONS = 100_000


def _no_progress(_text: str, _done: int, _whole: int) -> None:
    """Tell nobody."""


class Session:
    """One page: the files on it, what was read and found, and the answers that were given.

    Nothing is kept anywhere but here, and in a folder that goes with the session.
    """

    def __init__(self, today: str, progress: Progress | None = None) -> None:
        """Begin with no files.

        Args:
            today: the day it is where the page is, as year-month-day.
            progress: called with what is being done, how much of it is done, and how much there is.
        """
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        self._today = date.fromisoformat(today)
        self._progress = progress or _no_progress
        self._dropped = DroppedFiles()
        self._reading: FilesRead | None = None
        self._screened: ScreenedCases | None = None
        methods: tuple[Callable[[Arguments], page_json.JsonObject], ...] = (
            *(self._about, self._use_sample, self._clear, self._files, self._remove_file, self._read),
            *(self._screen, self._explain, self._questions, self._answer, self._compare),
            self._sheet,
        )
        self._methods = {method.__name__.removeprefix("_"): method for method in methods}
        self._downloads: Mapping[str, Callable[[Arguments], downloads.Download]] = {
            "report": lambda arguments: downloads.report(self._found, self._dropped, arguments),
            "mapping": lambda arguments: downloads.mapping(self._was_read, arguments.number("number") or 0),
            "marked": lambda _: downloads.marked(self._was_read, self._lost(), self._dropped),
            "template": lambda arguments: downloads.empty_workbook(rulebook_named(arguments.text("rules", ""))),
            "key": lambda _: downloads.key(),
            "comparison": lambda arguments: downloads.comparison(self._compared(arguments)),
            "sheets": self._sheets_file,
            "answers": lambda arguments: downloads.answers(self._found, arguments.text("form", "xlsx")),
        }

    def close(self) -> None:
        """Forget everything."""
        self._dropped.close()

    def add_file(self, name: str, data: bytes) -> str:
        """Keep a file, whatever it is called and holds, and give it an id."""
        return self._dropped.add(name, bytes(data)).id

    def call(self, method: str, arguments: str) -> str:
        """Do what is asked, and answer; what is wrong is told in the answer, under ``error``."""
        try:
            answer = self._methods[method](Arguments(json.loads(arguments or "{}")))
        except CasescreenError as error:
            answer = page_json.mistake(error)
        except Exception as error:  # noqa: BLE001 - the last resort: a fault of ours, told without a traceback
            answer = page_json.fault(error)
        return json.dumps(answer, default=date.isoformat)

    def download(self, method: str, arguments: str) -> tuple[str, str, bytes]:
        """A file to save: its name, its media type, and what is in it.

        Raises:
            CasescreenError: it cannot be made.
        """
        self._progress("Making the file", 0, 1)
        made = self._downloads[method](Arguments(json.loads(arguments or "{}")))
        self._progress("Making the file", 1, 1)
        return made

    @property
    def _was_read(self) -> FilesRead:
        if self._reading is None:
            raise CasescreenError("Nothing was read yet.", advice="drop files on the page, and have them read.")
        return self._reading

    @property
    def _found(self) -> ScreenedCases:
        if self._screened is None:
            reading = self._was_read
            if reading.refused:
                raise ProblemsError(reading.refused)
            self._screened = ScreenedCases.of(reading, self._progress)
        return self._screened

    def _lost(self) -> Sequence[Problem]:
        """What is not known in the cases, or counts for nothing in them."""
        return self._found.screening().lost if self._was_read.caseload.cases else ()

    def _about(self, _: Arguments) -> page_json.JsonObject:
        """What this is, and which rulebooks there are."""
        rulebooks = [rulebook_named(name) for name in shipped_rulebooks()]
        each = [{"id": one.id, "title": one.title, "description": one.about} for one in rulebooks]
        return {
            "version": __version__,
            "rulebooks": each,
            "sample": sample_folder().is_dir(),
            "today": str(self._today),
        }

    def _use_sample(self, _: Arguments) -> page_json.JsonObject:
        """Put the made-up cases among the files."""
        files = [self._dropped.add(path.name, path.read_bytes()) for path in sorted(sample_folder().glob("*.toml"))]
        listed = [{"id": one.id, "name": one.name, "kind": one.kind} for one in files]
        return {"files": listed, "as_of": str(SAMPLE_DAY), "taken_on": str(SAMPLE_DAY)}

    def _clear(self, _: Arguments) -> page_json.JsonObject:
        self._dropped.clear()
        self._reading = self._screened = None
        return {}

    def _files(self, _: Arguments) -> page_json.JsonObject:
        return {"files": [{"id": one.id, "name": one.name, "kind": one.kind} for one in self._dropped.files.values()]}

    def _remove_file(self, arguments: Arguments) -> page_json.JsonObject:
        self._dropped.remove(arguments.text("id"))
        return self._files(arguments)

    def _read(self, arguments: Arguments) -> page_json.JsonObject:
        self._reading = self._screened = None
        self._progress("Reading the files", 0, 1)
        self._reading = read(self._dropped, Asked.of(arguments, self._today))
        self._progress("Reading the files", 1, 1)
        return what_was_read(self._reading, self._dropped)

    def _screen(self, _: Arguments) -> page_json.JsonObject:
        if not self._found.cases:
            raise CasescreenError(
                "There is no case to screen.",
                why="no finding of none is no sign that all is well.",
                advice="look at “What was read” for what was left out and why, or choose other files on “Start”.",
            )
        return what_was_found(self._found)

    def _explain(self, arguments: Arguments) -> page_json.JsonObject:
        return why(self._found, arguments.text("case"), arguments.text("criterion"))

    def _questions(self, arguments: Arguments) -> page_json.JsonObject:
        case = arguments.text("case", "")
        return open_questions.questions_of(self._found, case) if case else open_questions.cases_waiting(self._found)

    def _answer(self, arguments: Arguments) -> page_json.JsonObject:
        return open_questions.answer(self._found, arguments)

    def _sheet(self, arguments: Arguments) -> page_json.JsonObject:
        from casescreen.page.enquiry_sheets import sheet_of  # noqa: PLC0415 - most people want none: start-up time

        return sheet_of(self._found, arguments)

    def _sheets_file(self, arguments: Arguments) -> downloads.Download:
        from casescreen.page.enquiry_sheets import sheets_file  # noqa: PLC0415 - the same

        return sheets_file(self._found, arguments)

    def _compare(self, arguments: Arguments) -> page_json.JsonObject:
        return page_json.what_changed(self._compared(arguments))

    def _compared(self, arguments: Arguments) -> Comparison:
        file_id = arguments.text("id")
        data = self._dropped.data(file_id)
        return compare(run_from(data, self._dropped.files[file_id].name), run_of(self._found.screening()))
