"""Holds the reader and the model of a rendered repository against ordinary tables.

REPOSITORY names the rendered folder, whatever data set it was made for; the Python is
that of its `make install`. Each table of `fixtures/csv` must be read as the schema that
the template writes for it says, and each must be enough to train and judge a model.

    REPOSITORY=… PYTHON templates/model-service/tests/test_csv_fixtures.py
"""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
import unittest
import warnings
from pathlib import Path
from typing import Any

import yaml
from greenroom_ml import data
from greenroom_ml.config import METRICS, Config, load_config
from greenroom_ml.errors import PipelineError
from greenroom_ml.evaluation.metrics import Answers
from greenroom_ml.models.prepare import fit_model
from greenroom_ml.schema import load_schema
from greenroom_ml.tables.table import read_table

ROOT = Path(os.environ["REPOSITORY"])
FIXTURES = Path(__file__).parent / "fixtures" / "csv"
# What the model takes: KServe's own servers of boosted trees know no texts.
FRAMEWORKS = {"xgboost", "lightgbm"}


def tasks(described: dict[str, Any]) -> list[str]:
    """Return what the target of a table can be predicted as."""
    kind = next(
        column["type"]
        for column in described["columns"]
        if column["name"] == described["target"]
    )
    if kind != "number":
        return ["classification"]
    # Prices and measurements are no classes.
    numbers = ["us-export", "trailing-cells"]
    name = Path(described["source"]["file"]).stem
    return ["regression"] if name in numbers else ["classification", "regression"]


class CsvFixtures(unittest.TestCase):
    def setUp(self) -> None:
        warnings.simplefilter("ignore")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def config(self, name: str, target: str, task: str) -> Config:
        """Return the repository's own configuration with another table."""
        content = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
        data = {"dataset": "csv", "csv_file": f"data/{name}.csv", "target": target}
        content["data"] = data
        content["model"].update(task=task, parameters={})
        content["gate"].update(metric=METRICS[task][0])
        content["gate"].pop("direction", None)
        (self.folder / "config.yaml").write_text(yaml.safe_dump(content))
        shutil.copytree(ROOT / "src", self.folder / "src", dirs_exist_ok=True)
        folder = self.folder / "data"
        folder.mkdir(exist_ok=True)
        shutil.copy(FIXTURES / f"{name}.csv", folder)
        shutil.copy(FIXTURES / f"{name}.schema.json", folder / "schema.json")
        return load_config(self.folder / "config.yaml")

    def read_as_described(self, name: str, described: dict[str, Any]) -> None:
        config = self.config(name, described["target"], "regression")
        path = config.csv_file.with_name("schema.json")
        frame = read_table(config.csv_file, load_schema(path, described["target"]))
        self.assertEqual(len(frame), described["rows"])
        self.assertEqual(
            sorted(frame.columns), sorted(c["name"] for c in described["columns"])
        )
        for column in described["columns"]:
            values = frame[column["name"]]
            self.assertEqual(bool(values.isna().any()), column["missing"], column)
            if "minimum" in column:
                self.assertEqual(values.min(), column["minimum"], column)
                self.assertEqual(values.max(), column["maximum"], column)
            if "values" in column:
                self.assertEqual(sorted(values.cat.categories), column["values"])
            if column["type"] == "boolean":
                self.assertLessEqual(set(values.dropna()), {0.0, 1.0}, column)
            if column["type"] == "date":
                # Days since 1970-01-01, of this century.
                self.assertTrue(values.dropna().between(10957, 47482).all(), column)

    def trained_and_judged(self, name: str, target: str, task: str) -> None:
        config = self.config(name, target, task)
        frame = data.load_data(config)
        schema = data.schema_for(frame, config)
        texts = [column.name for column in schema.features if not column.numeric]
        if texts and config.serving.kind == "storage-uri" and boosted():
            with self.assertRaisesRegex(PipelineError, texts[0]):
                fit_model(frame, config, schema)
            return
        train_rows, test_rows = data.split_data(frame, config)
        model = fit_model(train_rows, config, schema)
        names = [column.name for column in schema.features]
        features = test_rows[names]
        if config.model.format == "onnx":
            from greenroom_ml.models.onnx_export import export_model

            model = export_model(model, schema, features)
        metrics = Answers.of(model, features, test_rows[target]).metrics(task)
        self.assertEqual(set(metrics), set(METRICS[task]))
        # A share of right answers, or an error in the target's own unit.
        for metric in ("accuracy", "f1_macro", "rmse", "mae"):
            self.assertTrue(math.isfinite(metrics.get(metric, 0)), metrics)
        again = fit_model(train_rows, config, schema).predict(features)
        if task == "classification":
            self.assertEqual(list(model.predict(features)), list(again))


def boosted() -> bool:
    lock = (ROOT / "requirements.in").read_text(encoding="utf-8")
    return any(f"\n{framework}" in lock for framework in FRAMEWORKS)


class Names(unittest.TestCase):
    def test_there_are_tables(self) -> None:
        self.assertGreater(len(list(FIXTURES.glob("*.csv"))), 5)


def add_tests() -> None:
    """Give each table, and each task, a test with its name."""
    for path in sorted(FIXTURES.glob("*.schema.json")):
        name = path.name.removesuffix(".schema.json")
        described = json.loads(path.read_text(encoding="utf-8"))
        label = name.replace("-", "_")

        def reading(
            self: CsvFixtures, name: str = name, described: dict[str, Any] = described
        ) -> None:
            self.read_as_described(name, described)

        setattr(CsvFixtures, f"test_{label}_is_read_as_described", reading)
        for task in tasks(described):

            def training(
                self: CsvFixtures,
                name: str = name,
                target: str = described["target"],
                task: str = task,
            ) -> None:
                self.trained_and_judged(name, target, task)

            setattr(CsvFixtures, f"test_{label}_is_learnt_by_{task}", training)


add_tests()

if __name__ == "__main__":
    unittest.main()
