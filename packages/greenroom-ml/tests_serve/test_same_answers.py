# SPDX-License-Identifier: Apache-2.0
"""A row of the table has the same answer offline, by v1 and by v2.

In the server's environment, which has no hypothesis: the cells are drawn from a seed.
"""

from __future__ import annotations

import csv
import json
import os
import random
import sys
import tempfile
import unittest
import warnings
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
from kserve import InferInput, InferRequest
from kserve.protocol.infer_type import RequestedOutput
from mlflow.models import ModelSignature
from mlflow.types import ColSpec
from mlflow.types import Schema as Columns

from greenroom_ml import data
from greenroom_ml.config import Config, load_config
from greenroom_ml.models import prepare
from greenroom_ml.schema import describe_cells
from greenroom_ml.serving.guard import InvalidRequest
from greenroom_ml.serving.served_model import ServedModel
from greenroom_ml.tables.table import read_table

# By column: cells as a table, or a client, may have them; the last ones do not fit.
CELLS = {
    "size": (["1", " 2.5", "-3e2", "0", "", "NA", " ? ", "7"], ["big", "1,5"]),
    "country": (["DE", " DE ", "NA", "FR", "", "  ", "?", "XX", "überall"], []),
    "owner": (["yes", "No ", "YES", "", "?", "NA"], ["maybe"]),
    "since": (["2024-01-31", " 2023-02-01", "", "NA", "9999-12-31"], ["soon"]),
}
TYPES = {"size": "number", "country": "category", "owner": "boolean", "since": "date"}
MODULES = {
    "data": "from greenroom_ml.data import read_data as load\n",
    "features": "def add_features(frame):\n    return frame\n",
    "model": "from sklearn.ensemble import RandomForestClassifier\n\n\n"
    "def make_estimator(task, seed):\n"
    "    return RandomForestClassifier(20, random_state=seed)\n",
}


def table(path: Path, rows: list[list[str]]) -> None:
    """Write rows with a target beside them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*CELLS, "late"])
        writer.writerows([*row, "ab"[at % 2]] for at, row in enumerate(rows))


def repository(folder: Path) -> Config:
    """Write a repository with a table of cells that fit."""
    source = folder / "src" / "cellular"
    source.mkdir(parents=True)
    (source / "__init__.py").touch()
    for name, text in MODULES.items():
        (source / f"{name}.py").write_text(text)
    (folder / "data").mkdir()
    described = [
        {"name": name, "type": kind, "missing": True}
        | ({"true": ["yes"], "false": ["no"]} if kind == "boolean" else {})
        | ({"present": ["NA"]} if name == "country" else {})
        for name, kind in TYPES.items()
    ]
    dialect = {"delimiter": ",", "encoding": "utf-8", "decimal": "."}
    schema = {
        "version": 1,
        "csv": {**dialect, "missing": ["NA", "?"]},
        "source": {"file": "data/table.csv"},
        "rows": 200,
        "target": "late",
        "columns": [*described, {"name": "late", "type": "category"}],
    }
    (folder / "data" / "schema.json").write_text(json.dumps(schema))
    drawn = random.Random(7)
    rows = [[drawn.choice(fit) for fit, _ in CELLS.values()] for _ in range(200)]
    table(folder / "data" / "table.csv", rows)
    config = {
        "package": "cellular",
        "data": {"dataset": "csv", "csv_file": "data/table.csv", "target": "late"},
        "model": {"task": "classification"},
        "gate": {"metric": "accuracy", "threshold": 0.5},
        "mlflow": {"experiment_name": "cells", "registered_model": "cells"},
    }
    (folder / "config.yaml").write_text(json.dumps(config))
    return load_config(folder / "config.yaml")


class SameAnswersTest(unittest.TestCase):
    """One model, asked in three ways."""

    @classmethod
    def setUpClass(cls) -> None:
        """Train it, and load it as the server does."""
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.addClassCleanup(os.chdir, Path.cwd())
        cls.addClassCleanup(sys.path.__setitem__, slice(None), list(sys.path))
        os.chdir(folder.name)
        cls.config = repository(Path(folder.name))
        rows = data.load_data(cls.config)
        cls.schema = data.schema_for(rows, cls.config)
        cls.model = prepare.fit_model(rows, cls.config, cls.schema)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            mlflow.sklearn.save_model(
                cls.model,
                "model",
                serialization_format="cloudpickle",
                pip_requirements=[],
                signature=ModelSignature(
                    Columns(
                        [
                            ColSpec("double" if each.numeric else "string", each.name)
                            for each in cls.schema.features
                        ]
                    ),
                    Columns([ColSpec("string")]),
                ),
                metadata={
                    **describe_cells(cls.schema),
                    "classes": cls.model.classes_.tolist(),
                },
            )
        cls.served = ServedModel("cells", Path("model"))
        cls.served.load()

    def offline(self, row: list[str]) -> tuple[str, list[float]]:
        """Answer a row of a table that is written and read again."""
        path = Path("data", "one.csv")
        table(path, [row])
        frame = read_table(path, self.schema)[list(CELLS)]
        [answer] = self.model.predict(frame)
        return str(answer), self.model.predict_proba(frame)[0].tolist()

    def v1(self, row: list[Any], **more: Any) -> dict[str, Any]:
        """Answer it as an object of v1."""
        instance = dict(zip(CELLS, row))
        return self.served.answer({"instances": [instance], **more})

    def v2(self, row: list[Any], *outputs: str, **parameters: Any) -> Any:
        """Answer it as a tensor a column of v2."""
        kinds = {name: "BYTES" for name in CELLS} | {"size": "FP64"}
        given = [
            InferInput(name, [1], kinds[name], [cell]) for name, cell in zip(CELLS, row)
        ]
        return self.served.answer(
            InferRequest(
                "cells",
                given,
                request_outputs=[RequestedOutput(each) for each in outputs],
                parameters=parameters,
            )
        )

    def test_whatever_the_cells_are(self) -> None:
        """Blanks, padding, NA as value and as none, what was never seen."""
        drawn = random.Random(11)
        for _ in range(150):
            row: list[Any] = [drawn.choice(fit) for fit, _ in CELLS.values()]
            answer, shares = self.offline(row)
            # A client sends numbers as numbers.
            try:
                row[0] = float(row[0])
            except ValueError:
                pass
            with self.subTest(row):
                both = self.v1(row, parameters={"probabilities": True})
                [probabilities] = both.pop("probabilities")
                self.assertEqual(both, {"predictions": [answer]})
                self.assertEqual(list(probabilities), ["a", "b"])
                np.testing.assert_allclose(list(probabilities.values()), shares)
                first, second = self.v2(row, "output-0", "probabilities").outputs
                self.assertEqual(first.as_numpy().tolist(), [answer])
                self.assertEqual(second.parameters["classes"], '["a", "b"]')
                self.assertEqual((second.datatype, second.shape), ("FP64", [1, 2]))
                np.testing.assert_allclose(second.as_numpy()[0], shares)

    def test_what_does_not_fit_has_an_answer_nowhere(self) -> None:
        """Refused by the table, and by both protocols with the column's name."""
        fits: list[Any] = [1.0, "DE", "yes", "2024-01-31"]
        for at, (name, (_, wrong)) in enumerate(CELLS.items()):
            for cell in [*wrong, {"a": 1}, [1]]:
                row = [*fits[:at], cell, *fits[at + 1 :]]
                with self.subTest(row):
                    if isinstance(cell, str):
                        with self.assertRaisesRegex(Exception, name):
                            self.offline([*map(str, row)])
                    with self.assertRaisesRegex(InvalidRequest, name):
                        self.v1(row)
                    with self.assertRaisesRegex(InvalidRequest, name):
                        self.v2(row)

    def test_nothing_is_added_unless_it_is_asked_for(self) -> None:
        """Who has never heard of probabilities gets what they always got."""
        row = [1.0, "DE", "yes", "2024-01-31"]
        plain = self.v1(row)
        self.assertEqual(list(plain), ["predictions"])
        for parameters in ({"probabilities": False}, {"more": 1}, None, "x"):
            self.assertEqual(self.v1(row, parameters=parameters), plain)
        [output] = self.v2(row).outputs
        self.assertEqual(output.parameters or {}, {})
        [output] = self.v2(row, "output-0").outputs
        self.assertEqual(len(self.v2(row, probabilities=True).outputs), 2)
        self.assertEqual(
            self.served.get_output_types(),
            [
                {"name": "output-0", "datatype": "BYTES", "shape": [-1]},
                {"name": "probabilities", "datatype": "FP64", "shape": [-1, 2]},
            ],
        )
        with self.assertRaisesRegex(InvalidRequest, "must be true or false, not 'yes'"):
            self.v1(row, parameters={"probabilities": "yes"})
        without, self.served.probabilities = self.served.probabilities, None
        self.addCleanup(setattr, self.served, "probabilities", without)
        with self.assertRaisesRegex(InvalidRequest, "cells has no probabilities"):
            self.v1(row, parameters={"probabilities": True})


if __name__ == "__main__":
    unittest.main()
