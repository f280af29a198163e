"""The documents in an office program that did not make them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from casescreen.model.screening import Screening
from casescreen.report.formats.registry import FORMATS, Options


@pytest.mark.parametrize("kind", ["docx", "docx of our own", "xlsx"])
def test_libreoffice_opens_it_and_prints_it(
    screening: Screening, office: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The document converts to PDF, and nothing is said to be wrong with it."""
    ending, _, ours = kind.partition(" ")
    if ours:
        monkeypatch.setattr("casescreen.report.letter.word.is_installed", lambda _: False)
    document = tmp_path / f"report.{ending}"
    made = FORMATS[ending].render(screening, Options(per_owner=True))
    assert isinstance(made, bytes)
    document.write_bytes(made)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), str(document)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "rror" not in done.stdout + done.stderr
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
