"""The model: a small neural network of PyTorch. Any estimator may take its place.

skorch gives it scikit-learn's `fit` and `predict`: https://skorch.readthedocs.io
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator
from sklearn.compose import TransformedTargetRegressor
from sklearn.preprocessing import StandardScaler
from skorch import NeuralNetClassifier, NeuralNetRegressor
from skorch.callbacks import Callback, EarlyStopping
from torch import nn

# module__…: the network's own, as below. patience: epochs without progress on the rows
# that are kept apart until training ends.
DEFAULTS: dict[str, Any] = {
    "module__hidden_units": (64, 32),
    "module__dropout": 0.1,
    "lr": 0.003,
    "optimizer__weight_decay": 0.0001,
    "batch_size": 64,
    "max_epochs": 200,
}
PATIENCE = 15


class Network(nn.Module):
    """Linear layers with ReLU and dropout between them."""

    def __init__(
        self,
        inputs: int = 1,
        outputs: int = 1,
        hidden_units: tuple[int, ...] = (64, 32),
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for units in hidden_units:
            layers += [nn.Linear(inputs, units), nn.ReLU(), nn.Dropout(dropout)]
            inputs = units
        self.layers = nn.Sequential(*layers, nn.Linear(inputs, outputs))

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return one number for each row and class, or for each row."""
        return self.layers(rows)


class Shape(Callback):
    """Gives the network as many inputs and outputs as the data have."""

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **_: Any) -> None:
        """Start anew, alike each time, on one thread: sums over more may differ."""
        torch.set_num_threads(1)
        torch.manual_seed(self.seed)
        outputs = len(np.unique(y)) if isinstance(net, NeuralNetClassifier) else 1
        net.set_params(module__inputs=X.shape[1], module__outputs=outputs)

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed


class Regressor(NeuralNetRegressor):
    """A network that predicts a number: PyTorch wants it as a column of float32."""

    def fit(self, X: Any, y: Any, **options: Any) -> Regressor:
        """Learn from rows of numbers and the number of each."""
        return super().fit(X, np.asarray(y, dtype="float32").reshape(-1, 1), **options)


def make_estimator(task: str, seed: int, **parameters: Any) -> BaseEstimator:
    """Return the untrained estimator; `parameters` are `model.parameters`.

    It gets numbers of one scale, without gaps: what comes before it is greenroom-ml's.
    `task` is classification or regression.
    """
    is_classifier = task == "classification"
    net = (NeuralNetClassifier if is_classifier else Regressor)(
        Network,
        criterion=nn.CrossEntropyLoss if is_classifier else nn.MSELoss,
        optimizer=torch.optim.AdamW,
        callbacks=[
            ("shape", Shape(seed)),
            ("early_stopping", EarlyStopping(patience=PATIENCE, load_best=True)),
        ],
        device="cuda" if torch.cuda.is_available() else "cpu",
        verbose=0,
        **{**DEFAULTS, **parameters},
    )
    if is_classifier:
        return net
    # Networks learn numbers around 0 best.
    return TransformedTargetRegressor(net, transformer=StandardScaler())
