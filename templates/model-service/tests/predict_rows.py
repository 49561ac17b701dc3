"""Writes some rows of a repository's data, and what the model in model/ predicts for them.

Runs in the repository's folder and training environment:

    python predict_rows.py rows.json expected.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import mlflow.pyfunc
import numpy as np
import pandas as pd
from greenroom_ml.config import load_config
from greenroom_ml.data import load_data, schema_for

ROWS = 20


def main() -> None:
    """Write both files."""
    config = load_config()
    frame = load_data(config)
    names = [column.name for column in schema_for(frame, config).features]
    features = frame[names].head(ROWS)
    # The signature says text where training had pandas' categories.
    texts = features.select_dtypes("category").columns
    features = features.astype(dict.fromkeys(texts, "object"))
    answer = mlflow.pyfunc.load_model("model").predict(features)
    if isinstance(answer, pd.DataFrame):
        # ONNX: the first output is the prediction, the others are probabilities.
        answer = answer.iloc[:, 0]
    rows, expected = Path(sys.argv[1]), Path(sys.argv[2])
    rows.parent.mkdir(exist_ok=True)
    # to_json writes a missing value as null, as JSON has no NaN.
    rows.write_text(features.to_json(orient="records", double_precision=15))
    expected.write_text(json.dumps(np.ravel(np.asarray(answer)).tolist()))


if __name__ == "__main__":
    main()
