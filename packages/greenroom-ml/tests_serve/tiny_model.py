"""A model with a column of each type, which answers without having learnt anything."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd


class TinyModel(mlflow.pyfunc.PythonModel):
    """Says "late" for people above 60 and for those who came from the north."""

    def load_context(self, context: Any) -> None:
        """Take as long as the test wants."""
        signal = os.environ.get("WAIT_FOR")
        while signal and not Path(signal).exists():
            time.sleep(0.05)

    def predict(self, context: Any, model_input: pd.DataFrame) -> list[str]:
        """Answer; take a second at age 0, and break at age -1."""
        if (model_input["age"] == -1).any():
            raise RuntimeError("secret internals")
        if (model_input["age"] == 0).any():
            time.sleep(1)
        late = (model_input["age"] > 60) | (model_input["region"] == "north")
        return ["late" if each else "on time" for each in late]


mlflow.models.set_model(TinyModel())
