"""Works out the queries of the dashboard on what was scraped, as Prometheus does; other forms are refused."""

import re
from collections import defaultdict
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

Labels = tuple[tuple[str, str], ...]

_SUM = re.compile(r"sum(?: by \((?P<by>[\w, ]+)\))? \((?P<what>rate|increase)\((?P<name>\w+)\[\$\w+\]\)\)")
_SUM_OF_ALL = re.compile(r"sum\((?P<what>rate|increase)\((?P<name>\w+)\[\$\w+\]\)\)")
_QUANTILE = re.compile(r"histogram_quantile\((?P<share>[\d.]+), (?P<inner>sum by .+)\)")


@dataclass(frozen=True)
class Scrape:
    """What was read at one time, in seconds."""

    at: float
    values: dict[str, dict[Labels, float]]

    @classmethod
    def of(cls, at: float, text: str) -> "Scrape":
        """Parse an exposition."""
        values: dict[str, dict[Labels, float]] = defaultdict(dict)
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                values[sample.name][tuple(sorted(sample.labels.items()))] = sample.value
        return cls(at, values)


def evaluate(query: str, before: Scrape, after: Scrape) -> dict[Labels, float]:
    """Return the values of a query over the time between two scrapes, by the labels that it keeps."""
    quantile = _QUANTILE.fullmatch(query)
    if quantile is not None:
        return _quantiles(float(quantile["share"]), evaluate(quantile["inner"], before, after))
    found = _SUM.fullmatch(query) or _SUM_OF_ALL.fullmatch(query)
    if found is None:
        raise ValueError(f"{query} has another form than those that are known here")
    kept = re.split(r", ", found.groupdict().get("by") or "")
    seconds = after.at - before.at if found["what"] == "rate" else 1
    summed: dict[Labels, float] = defaultdict(float)
    for labels, value in after.values[found["name"]].items():
        group = tuple(pair for pair in labels if pair[0] in kept)
        summed[group] += (value - before.values[found["name"]].get(labels, 0)) / seconds
    return summed


def _quantiles(share: float, buckets: dict[Labels, float]) -> dict[Labels, float]:
    """Interpolate within the bucket that the share falls into, as Prometheus does."""
    groups: dict[Labels, dict[float, float]] = defaultdict(dict)
    for labels, count in buckets.items():
        group = tuple(pair for pair in labels if pair[0] != "le")
        groups[group][float(dict(labels)["le"])] = count
    return {group: _quantile(share, sorted(bounds.items())) for group, bounds in groups.items() if max(bounds.values())}


def _quantile(share: float, bounds: list[tuple[float, float]]) -> float:
    wanted, below, lower = share * bounds[-1][1], 0.0, 0.0
    for bound, count in bounds:
        if count >= wanted and count > below:
            return lower if bound == float("inf") else lower + (bound - lower) * (wanted - below) / (count - below)
        below, lower = count, bound
    return lower
