"""The dashboard asks for figures that there are, by labels that they have; its picture is drawn of it."""

import json
import re
from pathlib import Path

import pytest
from dashboard_queries import Scrape, evaluate
from flask.testing import FlaskClient

ROOT = Path(__file__).parents[2]
BOARD = json.loads((ROOT / "examples" / "metrics" / "dashboard.json").read_text())
PANELS = BOARD["panels"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]
EXPOSED = """
x_bucket{verb="a",le="1.0"} %d
x_bucket{verb="a",le="2.0"} %d
x_bucket{verb="a",le="+Inf"} %d
x_total{verb="a"} %d
"""


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_names_a_figure_and_labels_that_are_there(client: FlaskClient, query: str) -> None:
    scraped = Scrape.of(0, client.get("/metrics").text)
    (name,) = re.findall(r"flask_renewal_\w+", query)
    labels = {label for sample in scraped.values[name] for label, _ in sample}
    assert set(re.findall(r"\w+", (re.findall(r"by \((.*?)\)", query) or [""])[0])) <= labels
    assert name in scraped.values


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_is_worked_out_for_the_picture(client: FlaskClient, query: str) -> None:
    scraped = Scrape.of(0, client.get("/metrics").text)
    assert not any(evaluate(query, scraped, Scrape(1, scraped.values)).values())


def test_every_figure_has_a_panel(client: FlaskClient) -> None:
    names = set(Scrape.of(0, client.get("/metrics").text).values)
    counted = {name for name in names if re.fullmatch(r"flask_renewal_\w+_(total|bucket)", name)}
    assert {re.findall(r"flask_renewal_\w+", query)[0] for query in QUERIES} == counted


def test_rates_sums_and_quantiles_are_those_of_prometheus() -> None:
    before, after = Scrape.of(0, EXPOSED % (0, 0, 0, 4)), Scrape.of(10, EXPOSED % (5, 10, 10, 24))
    assert evaluate("sum by (verb) (rate(x_total[$i]))", before, after) == {(("verb", "a"),): 2}
    assert evaluate("sum(increase(x_total[$i]))", before, after) == {(): 20}
    query = "histogram_quantile(0.75, sum by (le, verb) (rate(x_bucket[$i])))"
    assert evaluate(query, before, after) == {(("verb", "a"),): 1.5}
    with pytest.raises(ValueError, match="another form"):
        evaluate("x_total", before, after)


def test_the_picture_shows_every_panel() -> None:
    picture = (ROOT / "docs" / "dashboard.svg").read_text()
    assert [panel["title"] for panel in PANELS if f">{panel['title']}<" not in picture] == []
