"""On the machine that decides, nothing goes untested in silence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shape import ROOT

SKIPPED = {
    "by_a_mark": '@pytest.mark.skip(reason="later")\ndef test_it(): pass',
    "on_a_condition": '@pytest.mark.skipif("True", reason="later")\ndef test_it(): pass',
    "for_want_of_something": '@pytest.fixture\ndef it(): pytest.skip("later")\ndef test_it(it): pass',
    "with_its_whole_file": 'pytest.skip("later", allow_module_level=True)',
    "for_want_of_a_module": 'pytest.importorskip("nowhere", reason="later")',
}


@pytest.mark.parametrize(("ci", "told"), [("", "5 skipped"), ("true", "5 errors")])
def test_what_is_skipped_has_failed_where_nothing_may_be_lacking(tmp_path: Path, ci: str, told: str) -> None:
    for how, body in SKIPPED.items():
        (tmp_path / f"test_{how}.py").write_text(f"import pytest\n{body}\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command += ["-c", os.devnull, "--rootdir", str(tmp_path), "--continue-on-collection-errors", str(tmp_path)]

    run = subprocess.run(command, cwd=ROOT, env={**os.environ, "CI": ci}, capture_output=True, text=True)

    assert run.stdout.splitlines()[-1].startswith(told), run.stdout
    assert (run.returncode != 0) == bool(ci)
