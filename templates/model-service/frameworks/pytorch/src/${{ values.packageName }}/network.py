"""A small neural network of PyTorch with the methods of a scikit-learn model."""

from __future__ import annotations

import logging
import math
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.preprocessing import LabelEncoder
from torch import nn

LOGGER = logging.getLogger(__name__)
# Rows that are predicted at once.
CHUNK = 65_536


class _Network(BaseEstimator):
    """What the classifier and the regressor share: layers, training, early stopping.

    A seeded share of the rows is kept apart; when the loss on them has not fallen for
    `patience` epochs, training ends and the best weights are taken.
    """

    def __init__(
        self,
        hidden_units: tuple[int, ...] = (64, 32),
        dropout: float = 0.1,
        learning_rate: float = 0.003,
        weight_decay: float = 0.0001,
        batch_size: int | None = None,
        max_epochs: int = 200,
        patience: int = 15,
        validation_fraction: float = 0.15,
        threads: int = 1,
        random_state: int = 0,
    ) -> None:
        self.hidden_units = hidden_units
        self.dropout = dropout
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.batch_size = batch_size
        self.max_epochs = max_epochs
        self.patience = patience
        self.validation_fraction = validation_fraction
        self.threads = threads
        self.random_state = random_state

    def _fit(
        self, features: np.ndarray, target: torch.Tensor, outputs: int, loss: nn.Module
    ) -> None:
        self._check()
        torch.set_num_threads(self.threads)
        device = _device()
        with torch.random.fork_rng(), _deterministic():
            torch.manual_seed(self.random_state)
            inputs = torch.as_tensor(np.asarray(features, dtype=np.float32))
            order = torch.randperm(len(inputs))
            kept = max(1, round(len(inputs) * self.validation_fraction))
            inputs, target = inputs.to(device), target.to(device)
            self.network_ = self._layers(inputs.shape[1], outputs).to(device)
            self._train(
                (inputs, target), order[kept:], order[:kept].to(device), loss.to(device)
            )
        self.network_.cpu().eval()

    def _train(
        self,
        rows: tuple[torch.Tensor, torch.Tensor],
        training: torch.Tensor,
        validation: torch.Tensor,
        loss: nn.Module,
    ) -> None:
        inputs, target = rows
        batch_size = self.batch_size or min(4096, max(32, len(training) // 100))
        optimizer = torch.optim.AdamW(
            self.network_.parameters(),
            lr=self.learning_rate,
            weight_decay=self.weight_decay,
        )
        best, best_epoch, weights = math.inf, 0, self._weights()
        for epoch in range(self.max_epochs):
            self.network_.train()
            shuffled = training[torch.randperm(len(training))].to(inputs.device)
            for batch in shuffled.split(batch_size):
                optimizer.zero_grad()
                loss(self.network_(inputs[batch]), target[batch]).backward()
                optimizer.step()
            self.network_.eval()
            with torch.inference_mode():
                now = loss(self.network_(inputs[validation]), target[validation]).item()
            if not math.isfinite(now):
                raise ValueError(
                    f"the loss is {now} in epoch {epoch + 1}; lower learning_rate"
                )
            if now < best:
                best, best_epoch, weights = now, epoch, self._weights()
            elif epoch - best_epoch >= self.patience:
                break
        self.network_.load_state_dict(weights)
        self.epochs_ = best_epoch + 1

    def _check(self) -> None:
        for name in ("max_epochs", "patience", "threads"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(
                    f"{name} must be a whole number above 0, not {value!r}"
                )
        units = list(self.hidden_units)
        if not all(isinstance(width, int) and width > 0 for width in units):
            raise ValueError(f"hidden_units must be whole numbers above 0, not {units}")
        if not 0 < self.validation_fraction < 1:
            raise ValueError("validation_fraction must lie between 0 and 1")

    def _layers(self, inputs: int, outputs: int) -> nn.Sequential:
        layers: list[nn.Module] = []
        for units in self.hidden_units:
            layers += [nn.Linear(inputs, units), nn.ReLU(), nn.Dropout(self.dropout)]
            inputs = units
        return nn.Sequential(*layers, nn.Linear(inputs, outputs))

    def _weights(self) -> dict[str, torch.Tensor]:
        return {
            name: weight.detach().clone()
            for name, weight in self.network_.state_dict().items()
        }

    def _forward(self, features: np.ndarray) -> torch.Tensor:
        device = _device()
        network = self.network_.to(device)
        inputs = torch.as_tensor(np.asarray(features, dtype=np.float32))
        with torch.inference_mode():
            parts = [network(part.to(device)).cpu() for part in inputs.split(CHUNK)]
        return torch.cat(parts).double()

    def __getstate__(self) -> dict[str, Any]:
        # A model that a GPU has served is loaded without one, too.
        if hasattr(self, "network_"):
            self.network_.cpu()
        return super().__getstate__()


class NetworkClassifier(ClassifierMixin, _Network):
    """A neural network that predicts a class."""

    def fit(self, features: np.ndarray, target: Any) -> NetworkClassifier:
        """Learn from rows of numbers and their classes."""
        encoder = LabelEncoder()
        codes = torch.as_tensor(encoder.fit_transform(target), dtype=torch.long)
        self.classes_ = encoder.classes_
        self._fit(features, codes, len(self.classes_), nn.CrossEntropyLoss())
        return self

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        """Return for each row the probability of each class, as in `classes_`."""
        return self._forward(features).softmax(dim=1).numpy()

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Return the most probable class of each row."""
        return self.classes_[self.predict_proba(features).argmax(axis=1)]


class NetworkRegressor(RegressorMixin, _Network):
    """A neural network that predicts a number."""

    def fit(self, features: np.ndarray, target: Any) -> NetworkRegressor:
        """Learn from rows of numbers and the number of each."""
        numbers = np.asarray(target, dtype=np.float64)
        # Networks learn numbers around 0 best; `predict` scales back.
        self.mean_ = float(numbers.mean())
        self.scale_ = float(numbers.std()) or 1.0
        scaled = torch.as_tensor((numbers - self.mean_) / self.scale_)
        self._fit(features, scaled.float().unsqueeze(1), 1, nn.MSELoss())
        return self

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Return the number of each row."""
        return self._forward(features).squeeze(1).numpy() * self.scale_ + self.mean_


def _device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class _deterministic:  # noqa: N801 (used like a function)
    """Keep PyTorch from ways of computing that differ from run to run."""

    def __enter__(self) -> None:
        self.before = torch.are_deterministic_algorithms_enabled()
        torch.use_deterministic_algorithms(True, warn_only=True)

    def __exit__(self, *_: object) -> None:
        torch.use_deterministic_algorithms(self.before)
