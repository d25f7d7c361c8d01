"""Access tokens are verified by libraries that others have written, by the published keys alone (RFC 9068 §4)."""

import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from doc_blocks import ROOT, run
from everything import missing, need
from flask import Flask
from hosts import sign_in
from joserfc import jwk
from joserfc import jwt as joserfc_jwt
from joserfc.jwt import JWTClaimsRegistry
from key_rings import ED25519, P256, P384, RSA, pem
from remote import served

from flask_renewal.ground.ambient import Ambient

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # until its second version
    from authlib.jose import JsonWebToken
    from authlib.oauth2.rfc9068.claims import JWTAccessTokenClaims

NODE = ROOT / "examples" / "service" / "node"
KEYS = {"ES256": P256, "ES384": P384, "EdDSA": ED25519, "RS256": RSA, "PS256": RSA}


@pytest.fixture(params=KEYS)
def app(request: pytest.FixtureRequest, make_app: Callable[..., Flask]) -> Flask:
    return make_app(ambient=Ambient(), JWT_PRIVATE_KEY=pem(KEYS[request.param]), JWT_ALGORITHM=request.param)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


def keys(app: Flask) -> Any:
    return app.test_client().get("/.well-known/jwks.json").get_json()


def test_by_pyjwt(app: Flask, address: str) -> None:
    token = sign_in(app).access_token
    key = jwt.PyJWKClient(f"{address}/.well-known/jwks.json").get_signing_key_from_jwt(token)
    algorithm = app.config["JWT_ALGORITHM"]
    claims = jwt.decode(token, key, [algorithm], audience="flask-renewal", issuer="flask-renewal")
    assert claims["sub"] == "id-of-alice"


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_by_joserfc(app: Flask) -> None:
    algorithm = app.config["JWT_ALGORITHM"]
    token = joserfc_jwt.decode(sign_in(app).access_token, jwk.KeySet.import_key_set(keys(app)), algorithms=[algorithm])
    assert token.header["typ"] == "at+jwt"
    registry = JWTClaimsRegistry(
        iss={"essential": True, "value": "flask-renewal"},
        aud={"essential": True, "value": "flask-renewal"},
        sub={"essential": True, "value": "id-of-alice"},
    )
    registry.validate(token.claims)


def test_by_authlibs_claims_of_rfc_9068(app: Flask) -> None:
    needed: dict[str, Any] = {name: {"essential": True} for name in ("iss", "exp", "aud", "sub", "client_id", "jti")}
    needed["iss"]["value"] = needed["aud"]["value"] = "flask-renewal"
    verifier = JsonWebToken([app.config["JWT_ALGORITHM"]])
    token = sign_in(app).access_token
    claims = verifier.decode(token, keys(app), claims_cls=JWTAccessTokenClaims, claims_options=needed)
    claims.validate()
    assert claims["sub"] == "id-of-alice"


@pytest.mark.parametrize("app", ["ES256", "RS256", "PS256"], indirect=True)
def test_by_three_libraries_of_node(app: Flask, address: str) -> None:
    if not (NODE / "node_modules").exists():
        missing("npm ci --prefix examples/service/node has not been run")
    told = run(need("node"), "verify.mjs", address, sign_in(app).access_token, cwd=NODE)
    assert told.returncode == 0, told.stderr
    verified = json.loads(told.stdout)
    assert {name: claims.get("sub") for name, claims in verified.items()} == {
        "jose": "id-of-alice",
        "jsonwebtoken": "id-of-alice",
        "express-jwt": "id-of-alice",
    }
