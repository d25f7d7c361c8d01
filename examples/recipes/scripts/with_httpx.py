"""Call the API from a script, with httpx: RENEWAL_PASSWORD=… python with_httpx.py alice"""

import os
import sys
from collections.abc import Generator

import httpx


class RenewingAuth(httpx.Auth):
    """Sends the access token; where it has expired, refreshes once and sends the request again.

    Works for `httpx.Client` and `httpx.AsyncClient`. The refresh cookie is kept here, not in the client.
    """

    requires_response_body = True

    def __init__(self, address: str, username: str, password: str) -> None:
        self._address = address.rstrip("/")
        self._credentials = {"username": username, "password": password, "device": "script"}
        self._cookies = httpx.Cookies()
        self._token = ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if not self._token:
            yield from self._ask("/auth/login", json=self._credentials)
        request.headers["Authorization"] = f"Bearer {self._token}"
        response = yield request
        if response.status_code == 401 and response.json()["code"] == "token_expired":
            yield from self._ask("/auth/refresh")
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _ask(self, path: str, **what: object) -> Generator[httpx.Request, httpx.Response, None]:
        response = yield httpx.Request("POST", self._address + path, cookies=self._cookies, **what)
        response.raise_for_status()
        self._cookies.extract_cookies(response)
        self._token = response.json()["access_token"]


if __name__ == "__main__":
    api = os.environ.get("API", "http://127.0.0.1:5000")
    auth = RenewingAuth(api, sys.argv[1], os.environ["RENEWAL_PASSWORD"])
    with httpx.Client(base_url=api, auth=auth, timeout=30) as client:
        print(client.get("/auth/me").text)
        client.post("/auth/logout")
