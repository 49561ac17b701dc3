# SPDX-License-Identifier: Apache-2.0
"""The form and the run call what they find by the same codes."""

import ast
import json
import re
from pathlib import Path

from greenroom_ml import inspection

DOCS = Path(__file__).resolve().parents[1] / "docs"


def found_in_source() -> dict[str, bool]:
    """Return each code of a Finding in the source, and whether it may stop the run."""
    codes: dict[str, bool] = {}
    for path in Path(str(inspection.__file__)).parent.glob("findings_of_*.py"):
        _add(path, codes)
    _add(Path(str(inspection.__file__)).parent / "inspection.py", codes)
    return codes


def _add(path: Path, codes: dict[str, bool]) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding":
            code = ast.literal_eval(node.args[0])
            stops = any(each.arg == "stops" for each in node.keywords)
            codes[code] = stops or codes.get(code, False)


def test_the_form_and_the_run_share_one_vocabulary():
    vocabulary = json.loads((DOCS / "finding-codes.json").read_text("utf-8"))["codes"]
    runs = {code: each["run"] == "stops" for code, each in vocabulary.items()}
    known = {code for code, each in vocabulary.items() if each["run"]}
    found = found_in_source()
    assert found == {code: runs[code] for code in known}
    # What stops a run, the form has asked for or refuses.
    for code in (code for code, stops in found.items() if stops):
        assert vocabulary[code]["form"] in ("asks", "refuses"), code
    table = (DOCS / "judging.md").read_text("utf-8")
    assert known <= set(re.findall(r"^\| \**([a-z-]+)\** ", table, re.MULTILINE))
    # In bold is what may stop it.
    bold = set(re.findall(r"^\| \*\*([a-z-]+)\*\* ", table, re.MULTILINE))
    assert bold == {code for code, stops in found.items() if stops}
