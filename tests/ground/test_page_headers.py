"""Pages are kept to themselves, and to TLS where they came by it."""

import pytest
from flask import Flask, Response

from flask_renewal.ground.page_headers import protect, see_other


@pytest.mark.parametrize(("scheme", "kept"), [("http", None), ("https", "max-age=31536000")])
def test_a_page_lets_nobody_in_and_stays_with_tls(scheme: str, kept: str | None) -> None:
    with Flask("pages").test_request_context(base_url=f"{scheme}://example.com"):
        headers = protect(Response()).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert (headers["X-Frame-Options"], headers.get("Strict-Transport-Security")) == ("DENY", kept)


def test_what_leads_on_says_that_nothing_follows() -> None:
    with Flask("pages").test_request_context():
        response = see_other("/account")
    assert (response.status_code, response.location) == (303, "/account")
    assert (response.get_data(), response.headers["Content-Length"]) == (b"", "0")
    assert response.headers["Cache-Control"] == "no-store"
