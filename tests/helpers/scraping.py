"""Figures as Prometheus would read them."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

Figures = dict[tuple[str, str], float]
"""By the name of a sample and the value of its one label, that of a bucket of a store's verb left out."""


def parsed(text: str) -> Figures:
    """Return our figures; raises where a sample has more labels than one, the bound of a bucket aside."""
    found: Figures = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples if family.name.startswith("flask_renewal_") else ():
            labels = dict(sample.labels)
            bound = labels.pop("le", None)
            (label,) = labels.values() or (bound or "",)
            if not sample.name.endswith("_created") and not (labels and bound):
                found[sample.name, label] = sample.value
    return found


def scrape(client: FlaskClient, path: str = "/metrics") -> Figures:
    reply = client.get(path)
    assert (reply.status_code, reply.headers["Cache-Control"]) == (200, "no-store")
    return parsed(reply.text)


@contextmanager
def moving(client: FlaskClient, **expected: dict[str, int]) -> Iterator[None]:
    """Check which counters move meanwhile and by how much, those of other applications of this process aside."""
    before = scrape(client)
    yield
    found: dict[str, dict[str, int]] = {}
    for (name, label), value in scrape(client).items():
        more = int(value - before.get((name, label), 0))
        if name.endswith("_total") and more:
            found.setdefault(name.removeprefix("flask_renewal_").removesuffix("_total"), {})[label] = more
    assert found == expected


def refresh(client: FlaskClient, token: str) -> tuple[int, str]:
    """Refresh by the body, and return the status and the token to go on with."""
    reply = client.post("/auth/refresh", json={"refresh_token": token}, headers={"X-Refresh-Transport": "body"})
    return reply.status_code, reply.get_json().get("refresh_token", token)
