"""Call the API from a script, with requests: RENEWAL_PASSWORD=… python with_requests.py alice"""

import os
import sys

import requests


class Api:
    """Sends the access token; where it has expired, refreshes once and asks again."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        self._http = requests.Session()  # keeps the refresh cookie

    def sign_in(self, username: str, password: str) -> None:
        credentials = {"username": username, "password": password, "device": "script"}
        self._take_token(self._http.post(f"{self._address}/auth/login", json=credentials, timeout=30))

    def request(self, method: str, path: str, **what: object) -> requests.Response:
        response = self._http.request(method, self._address + path, timeout=30, **what)
        if response.status_code == 401 and response.json()["code"] in ("token_expired", "token_missing"):
            self._take_token(self._http.post(f"{self._address}/auth/refresh", timeout=30))
            response = self._http.request(method, self._address + path, timeout=30, **what)
        response.raise_for_status()
        return response

    def sign_out(self) -> None:
        self._http.post(f"{self._address}/auth/logout", timeout=30).raise_for_status()
        self._http.close()

    def _take_token(self, response: requests.Response) -> None:
        response.raise_for_status()
        self._http.headers["Authorization"] = f"Bearer {response.json()['access_token']}"


if __name__ == "__main__":
    api = Api(os.environ.get("API", "http://127.0.0.1:5000"))
    api.sign_in(sys.argv[1], os.environ["RENEWAL_PASSWORD"])
    print(api.request("GET", "/auth/me").text)
    api.sign_out()
