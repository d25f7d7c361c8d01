"""The page on what the package is held to: each row once, with a test that is there; and what no other test holds."""

import re
from configparser import ConfigParser
from datetime import timedelta

import pytest
from doc_blocks import DOCS, PAGES, ROOT
from held_tables import Requirement, check, counted, requirements

from flask_renewal.settings import SETTINGS

PAGE = (DOCS / "requirements.md").read_text()
ROWS = list(requirements(PAGE))
MUSTS = [row for row in ROWS if row.level == "must"]
SECURITY = (DOCS / "security.md").read_text()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_a_requirement_is_held_by_tests_that_are_there(row: Requirement) -> None:
    assert row.level in ("must", "should", "beyond")
    check(row)


def test_the_page_counts_its_rows_and_has_each_once() -> None:
    numbers = [row.number for row in ROWS]
    assert len(set(numbers)) == len(numbers)
    assert len(MUSTS) == 122
    assert f"Of the musts, {counted(MUSTS)}. Of all, {counted(ROWS)}." in " ".join(PAGE.split())


def test_the_timeouts_that_are_compared_are_the_defaults() -> None:
    defaults = {row.key: row.default for row in SETTINGS}
    told = dict(re.findall(r"^\| ([\w ]+) \| (\d+(?: \w+)?) \|", SECURITY.partition("## Timeouts")[2], re.MULTILINE))
    assert told == {
        "access token": f"{defaults['JWT_ACCESS_TOKEN_EXPIRES'] // timedelta(minutes=1)} minutes",
        "inactivity": f"{defaults['JWT_REFRESH_TOKEN_EXPIRES'].days} days",
        "overall": f"{defaults['RENEWAL_SESSION_LIFETIME'].days} days",
        "sessions of one user": str(defaults["RENEWAL_MAX_SESSIONS_PER_USER"]),
    }


def test_the_page_on_security_has_what_auditors_look_for() -> None:
    asked = {
        "What is defended, and against whom",
        "Guessing",
        "What browsers do with the cookie",
        "Timeouts",
        "What is logged",
    }
    assert asked <= set(re.findall(r"^## (.+)$", SECURITY, re.MULTILINE))


def test_the_lowest_versions_are_those_without_known_faults() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    floors = dict(re.findall(r"^([\w-]+)>=([\d.]+)", setup["options"]["install_requires"], re.MULTILINE))
    found = {name: tuple(map(int, floors[name].split("."))) for name in ("werkzeug", "flask", "pyjwt", "flask-cors")}
    assert found["werkzeug"] >= (3, 1, 9)  # before, a cookie "\xa0__Host-x" was read as "__Host-x"
    assert found["flask"] >= (3, 1)  # before, there was no TRUSTED_HOSTS
    assert found["pyjwt"] >= (2, 11)
    assert found["flask-cors"] >= (6,)


def test_nothing_is_called_a_password_grant() -> None:
    texts = {page.name: page.read_text() for page in [*PAGES, *(ROOT / "src" / "flask_renewal").rglob("*.py")]}
    assert [name for name, text in texts.items() if "grant_type" in text or "password grant" in text.lower()] == []
