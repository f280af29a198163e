"""Reads and checks the shipped rulebooks when a wheel is built, and puts what came of it beside their files."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PackagedRulebooks(BuildHookInterface[Any]):
    """An editable installation has none: there, the files are read whenever they are asked for."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the package of each rulebook to what the wheel includes."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root, "engine")))
        from casescreen.resources import shipped_rulebooks  # noqa: PLC0415 - found once the line above is done
        from casescreen.rulebook.folder_reader import read_rulebook  # noqa: PLC0415
        from casescreen.rulebook.load import packaged, packaged_file  # noqa: PLC0415

        self._folder = TemporaryDirectory()
        made = Path(self._folder.name)
        for folder in shipped_rulebooks().values():
            name = packaged_file(folder).name
            (made / name).write_text(packaged(read_rulebook(folder), folder), encoding="ascii", newline="\n")
            build_data["force_include"][str(made / name)] = f"casescreen/rules/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Take away what was made for the wheel."""
        if version != "editable":
            self._folder.cleanup()
