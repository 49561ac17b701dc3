# SPDX-License-Identifier: Apache-2.0
"""How probable a classifier finds each class, for clients that ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable

import mlflow.pyfunc
import numpy as np
import pandas as pd

# A tensor of v2, and a key of v1.
PROBABILITIES = "probabilities"


@dataclass(frozen=True)
class Probabilities:
    """The classes' names, and how their probabilities are had.

    `predict_proba` takes rows and gives [rows, classes]; None: the model's own answer
    holds them after the class, as an ONNX graph's does.
    """

    names: list[str]
    predict_proba: Callable[[pd.DataFrame], np.ndarray] | None = None

    @classmethod
    def of(cls, model: mlflow.pyfunc.PyFuncModel) -> Probabilities | None:
        """Return those of a model; None where it has none."""
        classes = (model.metadata.metadata or {}).get("classes") or ()
        names = [str(each) for each in classes]
        if not names:
            return None
        if "onnx" in model.metadata.flavors:
            return cls(names)
        try:
            raw = model.get_raw_model()
        except NotImplementedError:
            return None
        # What scikit-learn wraps has the method only if its last step has.
        method = getattr(raw, "predict_proba", None)
        return None if method is None else cls(names, method)

    def for_rows(self, rows: pd.DataFrame, answer: Any) -> np.ndarray:
        """Return float64 [rows, classes]; raise RuntimeError if the model has others.

        `answer` is what the model has said to these rows.
        """
        if self.predict_proba is not None:
            found = np.asarray(self.predict_proba(rows), dtype="float64")
        else:
            parts = list(pd.DataFrame(answer).items())[1:]
            found = np.column_stack([part for _, part in parts]).astype("float64")
        if found.shape != (len(rows), len(self.names)):
            raise RuntimeError(
                f"probabilities of shape {found.shape} for {len(rows)} rows and "
                f"{len(self.names)} classes"
            )
        return found

    def metadata(self) -> dict[str, Any]:
        """Return the tensor as v2 describes it."""
        shape = [-1, len(self.names)]
        return {"name": PROBABILITIES, "datatype": "FP64", "shape": shape}
