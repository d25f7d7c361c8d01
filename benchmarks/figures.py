"""Medians, quartiles and ratios of interleaved rounds."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """A median and the quartiles around it."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        if len(values) < 2:
            return cls(*(list(values) * 3 or [float("nan")] * 3)[:3])
        low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(low, middle, high)

    def shown(self, form: str = ".2f") -> str:
        return f"{self.middle:{form}} ({self.low:{form}} to {self.high:{form}})"


def ratios(these: Sequence[float], those: Sequence[float]) -> Spread:
    """Return the ratio round by round: what disturbs one round disturbs both."""
    return Spread.of([this / that for this, that in zip(these, those, strict=True) if that])
