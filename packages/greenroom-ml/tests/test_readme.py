"""The examples of the README do what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import TEMPLATE, Repository

README = Path(__file__).parents[1] / "README.md"


def test_the_notebook_runs(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = TEMPLATE / "skeleton" / "notebooks" / "explore.ipynb"
    Path("notebooks").mkdir()
    monkeypatch.chdir("notebooks")
    shown: list[object] = []
    found: dict[str, object] = {"display": shown.append}
    for cell in json.loads(file.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert not cell["outputs"]
            exec(compile("".join(cell["source"]), file.name, "exec"), found)
    assert len(shown) == 3 and len(found["frame"]) == 150


def test_every_example_runs() -> None:
    found: dict[str, object] = {}
    examples = re.findall(
        r"^```python\n(.*?)^```$", README.read_text("utf-8"), re.M | re.S
    )
    assert len(examples) == 3
    for example in examples:
        exec(compile(example, README.name, "exec"), found)
    truth, predicted = (
        np.array(["fraud", "fraud", "no"]),
        np.array(["fraud", "no", "no"]),
    )
    assert found["metrics"](truth, predicted, None) == {"cost": 205.0}
    rows = found["in_euro"](pd.DataFrame({"price_cents": [150.0]}))
    assert rows["price"].tolist() == [1.5]
    assert found["never_below_zero"](rows, np.array([-1.0])).tolist() == [0]
    assert found["as_the_auditor_wants"]({"roc_auc": 0.9}, None) is None
    assert "0.600" in found["as_the_auditor_wants"]({"roc_auc": 0.6}, None)
