"""What Schemathesis needs to call the API as somebody who is signed in, and what no schema says of refusals."""

import os
from itertools import count
from typing import Any

import requests
import schemathesis
from schemathesis import AuthContext, Case, CheckContext, GenerationMode, Response

ADDRESS = os.environ["RENEWAL_ADDRESS"]
SERVICE_KEY = os.environ["RENEWAL_SERVICE_KEY"]
PASSWORD = os.environ["RENEWAL_PASSWORD"]
USED_UP = ("post_refresh", "put_password")
"""They leave nothing for the next case: another token, another password."""

_numbers = count()


@schemathesis.auth(refresh_interval=None)
class SignedIn:
    """Signs up somebody, and somebody else where the session has been ended or the password changed meanwhile."""

    def __init__(self) -> None:
        self._person: Any = None

    def get(self, case: Case, context: AuthContext) -> Any:
        told = context.operation.definition.raw
        if not told.get("security"):
            return None
        if self._person is None or requests.get(f"{ADDRESS}/auth/me", headers=_bearer(self._person)).status_code != 200:
            self._person = _sign_up()
        return _sign_up() if told["operationId"] in USED_UP else self._person

    def set(self, case: Case, data: Any, context: AuthContext) -> None:
        [scheme] = context.operation.definition.raw["security"][0]
        if scheme == "refresh":
            [cookie] = data.cookies
            case.cookies = {**(case.cookies or {}), cookie.name: cookie.value}
        else:
            headers = _bearer(data) if scheme == "access" else {"Authorization": f"Bearer {SERVICE_KEY}"}
            case.headers = {**(case.headers or {}), **headers}


@schemathesis.check
def refused_for_what_no_schema_can_say(context: CheckContext, response: Response, case: Case) -> None:
    """Sound data are refused for a password that is one of the commonest, or a name that is none once normalised."""
    if response.status_code == 422 and case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE:
        told = response.json()
        assert told["code"] == "weak_password" or told["field"] == "username", told


def _sign_up() -> requests.Response:
    person = {"username": f"person {next(_numbers)}", "password": PASSWORD}
    return requests.post(f"{ADDRESS}/auth/register", json=person)


def _bearer(person: requests.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.json()['access_token']}"}
