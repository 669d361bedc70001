"""Signing in at the deployed cloud: by the pool's own pages, and through API Gateway only with what it has verified."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.e2e.conftest import ENDPOINTS

Endpoints = dict[str, str]
Tokens = dict[str, str]


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def sign_in(endpoints: Endpoints, email: str, client: str | None = None) -> Tokens:
    """Sign in as the site does: authorization code, PKCE with S256."""
    verifier, site = secrets.token_urlsafe(48), endpoints["dashboard"].rstrip("/")
    asked = {
        "client_id": client or endpoints["sign_in_client"],
        "redirect_uri": f"{site}/signed-in",
        "response_type": "code",
        "scope": "openid email profile",
        "code_challenge": b64(hashlib.sha256(verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    form = {**asked, "username": email, "password": endpoints["person_password"]}
    sent = requests.post(f"{endpoints['sign_in_url']}/login", data=form, allow_redirects=False, timeout=20)
    [code] = parse_qs(urlparse(sent.headers["Location"]).query)["code"]
    return token(endpoints, grant_type="authorization_code", code=code, code_verifier=verifier, **asked)


def token(endpoints: Endpoints, **form: str) -> Tokens:
    answer = requests.post(f"{endpoints['sign_in_url']}/oauth2/token", data=form, timeout=20)
    answer.raise_for_status()
    return dict(answer.json())


def begin(endpoints: Endpoints, id_token: str | None) -> requests.Response:
    headers = {} if id_token is None else {"Authorization": id_token}
    return requests.post(f"{endpoints['api']}/v1/session", headers=headers, timeout=20)


def claims_of(jwt: str) -> dict[str, Any]:
    body = jwt.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


@pytest.fixture
def client(endpoints: Endpoints, aws: Callable[[str], Any]) -> Iterator[str]:
    """Another client of the same pool."""
    cognito, pool = aws("cognito-idp"), endpoints["user_pool"]
    made = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName=f"another-{secrets.token_hex(4)}",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email", "profile"],
        CallbackURLs=[f"{endpoints['dashboard'].rstrip('/')}/signed-in"],
        SupportedIdentityProviders=["COGNITO"],
    )["UserPoolClient"]["ClientId"]
    yield made
    cognito.delete_user_pool_client(UserPoolId=pool, ClientId=made)


@pytest.mark.parametrize("group", ["read", "sql", "admin"])
def test_a_person_of_each_group_signs_in_renews_and_signs_out(endpoints: Endpoints, group: str) -> None:
    person = {"read": "rita", "sql": "sam", "admin": "ada"}[group]
    tokens = sign_in(endpoints, f"{person}@acme.example")
    first = begin(endpoints, tokens["id_token"])
    renewed = token(
        endpoints,
        grant_type="refresh_token",
        client_id=endpoints["sign_in_client"],
        refresh_token=tokens["refresh_token"],
    )
    second = begin(endpoints, renewed["id_token"])
    headers = {"Authorization": f"Bearer {first.json()['token']}"}
    session = f"{endpoints['api']}/v1/session"
    seen = requests.get(session, headers=headers, timeout=20)
    ended = requests.delete(session, headers=headers, timeout=20)

    assert (first.status_code, second.status_code, seen.status_code, ended.status_code) == (201, 201, 200, 204)
    assert (first.json()["scope"], second.json()["scope"], seen.json()["scope"]) == (group,) * 3
    assert first.json()["id"] == second.json()["id"] == seen.json()["id"]
    assert first.json()["name"] == f"{person}@acme.example"
    statuses = (requests.get(session, headers=headers, timeout=20).status_code for _ in range(20))
    assert any(status == 401 or time.sleep(1) for status in statuses), "another process may know it 15 seconds more"


def test_who_is_in_no_group_is_told_what_to_do(endpoints: Endpoints) -> None:
    answer = begin(endpoints, sign_in(endpoints, "nobody@acme.example")["id_token"])

    assert answer.status_code == 403
    assert "ask whoever looks after Headwater" in answer.json()["detail"]


def test_no_other_token_begins_a_session(endpoints: Endpoints, client: str) -> None:
    tokens = sign_in(endpoints, "ada@acme.example")
    head, body, signature = tokens["id_token"].split(".")
    mightier = b64(json.dumps({**claims_of(tokens["id_token"]), "cognito:groups": ["admin"], "x": 1}).encode())
    unsigned = b64(json.dumps({"alg": "none", "kid": "x"}).encode())
    wrong = {
        "none": None,
        "no token": "x",
        "an API token": endpoints["admin_token"],
        "an access token": tokens["access_token"],
        "a refresh token": tokens["refresh_token"],
        "another body": f"{head}.{mightier}.{signature}",
        "no signature": f"{head}.{body}.",
        "no algorithm": f"{unsigned}.{body}.",
        "another client": sign_in(endpoints, "ada@acme.example", client)["id_token"],
        "another key": signed(rsa.generate_private_key(65537, 2048), tokens["id_token"]),
    }

    answers = {name: begin(endpoints, jwt) for name, jwt in wrong.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(wrong, 401)
    assert {answer.headers["Content-Type"] for answer in answers.values()} == {"application/problem+json"}
    assert all("sign in again" in answer.json()["detail"] for answer in answers.values())
    assert begin(endpoints, tokens["id_token"]).status_code == 201


def test_a_token_of_the_pools_own_key_is_good_for_its_time_and_its_pool_only(endpoints: Endpoints) -> None:
    pem = ENDPOINTS.parent / "aws" / "state" / "cognito-pool-keys" / f"{endpoints['user_pool']}-id.pem"
    key = serialization.load_pem_private_key(pem.read_bytes(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    jwt, now = sign_in(endpoints, "ada@acme.example")["id_token"], int(time.time())
    issuer = str(claims_of(jwt)["iss"])

    expired = begin(endpoints, signed(key, jwt, exp=now - 1))
    elsewhere = begin(endpoints, signed(key, jwt, iss=issuer + "x"))
    good = begin(endpoints, signed(key, jwt, exp=now + 60))

    assert (expired.status_code, elsewhere.status_code, good.status_code) == (401, 401, 201)


def signed(key: rsa.RSAPrivateKey, jwt: str, **changed: object) -> str:
    """The same token with some claims changed, signed with a key."""
    body = b64(json.dumps({**claims_of(jwt), **changed}).encode())
    said = f"{jwt.split('.')[0]}.{body}"
    return f"{said}.{b64(key.sign(said.encode(), padding.PKCS1v15(), hashes.SHA256()))}"
