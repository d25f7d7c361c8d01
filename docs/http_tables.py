"""Writes what the page on HTTP says of each route and each refusal, from the OpenAPI document of the application."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from flask_renewal import Renewal, UserMixin, check
from flask_renewal.entrances.api import openapi
from flask_renewal.identity.services import current

Json = Mapping[str, Any]
COMMON = ("internal_error", "store_unavailable", "payload_too_large", "unsupported_media_type", "untrusted_origin")
"""What the page tells once."""


def document() -> Json:
    """Return the document of an application with all there is."""
    with tempfile.TemporaryDirectory() as folder:
        app = Flask("docs", instance_path=folder)
        app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", RENEWAL_BODY_TRANSPORT=True)
        db = SQLAlchemy(app)
        model = type("User", (UserMixin, db.Model), {"__tablename__": "user"})
        Renewal(app, db=db, user_model=model)
        check.install_health(app)
        with app.test_request_context(base_url="https://example.com"):
            return openapi.document(current())


def routes(told: Json) -> str:
    """Return a section for each route in Markdown."""
    return "\n".join(part for path, methods in told["paths"].items() for part in _path(path, methods))


def codes(told: Json) -> str:
    """Return the table of the codes that a refusal may have."""
    lines = ["| `code` | status | for people |", "| --- | --- | --- |"]
    for code, example in told["components"]["examples"].items():
        lines.append(f"| `{code}` | {example['value']['status']} | {example['value']['detail']} |")
    return "\n".join(lines) + "\n"


def example(told: Json, path: str, method: str) -> str:
    """Return the example of an answer, as a block of JSON."""
    responses = told["paths"][path][method]["responses"]
    content = next(answer["content"] for status, answer in responses.items() if status.startswith("2"))
    return _block(content["application/json"]["example"])


def problem(told: Json, code: str) -> str:
    """Return an example of a refusal, as a block of JSON."""
    return _block(told["components"]["examples"][code]["value"])


def _path(path: str, methods: Json) -> Iterator[str]:
    told = set()
    for method, operation in methods.items():
        if operation["summary"] not in told:  # else it is the same by another method
            yield from _route(method, path, operation)
        told.add(operation["summary"])
    if len(told) < len(methods):
        yield f"The same by {', '.join(f'`{method.upper()}`' for method in [*methods][1:])}.\n"


def _route(method: str, path: str, operation: Json) -> Iterator[str]:
    yield f"### {method.upper()} {path}\n\n{operation['summary']}{_needs(operation)}\n"
    taken = [*_parameters(operation), *_members(operation)]
    if taken:
        yield "\n".join(["| it takes | | |", "| --- | --- | --- |", *taken]) + "\n"
    answers = [f"{status} {_what(answer)}" for status, answer in operation["responses"].items() if status < "400"]
    refusals = {
        status: " ".join(f"`{code}`" for code in found if code not in COMMON)
        for status, answer in operation["responses"].items()
        if (found := answer.get("content", {}).get("application/problem+json", {}).get("examples"))
    }
    refused = " · ".join(f"{status} {found}" for status, found in refusals.items() if found)
    yield f"Answers: {'; '.join(answers)}.\n" + (f"\nRefuses: {refused}\n" if refused else "")


def _needs(operation: Json) -> str:
    words = {"access": "an access token", "pages": "the pages' cookies", "refresh": "the refresh token"}
    words["service"] = "a service key as `Authorization: Bearer`"
    schemes = [words[name] for scheme in operation.get("security", ()) for name in scheme]
    return f" It needs {' or '.join(schemes)}." if schemes else ""


def _what(answer: Json) -> str:
    """Return what an answer that refuses nothing is, in a few words."""
    content = answer.get("content", {}).get("application/json", {}).get("schema", {})
    name = content.get("$ref", "").rpartition("/")[2]
    named = {"Token": "a token response"}.get(name) or ", ".join(
        f"`{member}`" for member in content.get("required", ())
    )
    headers = ", ".join(f"`{header}`" for header in answer.get("headers", ()) if header.startswith("X-Auth"))
    return named or (f"with {headers}" if headers else _small(answer["description"]))


def _small(words: str) -> str:
    return words.removesuffix(".") if "." in words else words.lower()


def _parameters(operation: Json) -> Iterator[str]:
    for one in operation.get("parameters", ()):
        where = {"path": "in the path", "header": "a header", "query": "in the query"}[one["in"]]
        yield f"| `{one['name']}` | {where} | {one.get('description', '')} |"


def _members(operation: Json) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema", {})
    for name, member in schema.get("properties", {}).items():
        kind = member.get("type", "text")
        kind = kind[0] if isinstance(kind, list) else kind
        word = {"string": "text", "boolean": "`true` or `false`"}.get(kind, kind)
        needed = "" if name in schema["required"] else ", optional"
        yield f"| `{name}` | {word}{needed} | {member.get('description', '')} |"


def _block(value: Any) -> str:
    return f"```json\n{json.dumps(value, indent=2, ensure_ascii=False)}\n```\n"
