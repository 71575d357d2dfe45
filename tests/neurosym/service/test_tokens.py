"""Tokens: made once, stored as hashes, asked for wherever others could ask."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from neurosym.runs.database import open_database
from neurosym.service.tokens import Tokens, digest, require_safe
from neurosym.settings import Settings
from provers.errors import InputError
from tests.neurosym.service.servers import Server, served
from tests.neurosym.test_cli import neurosym, one_sentence


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'tokens.db'}")
    yield engine
    engine.dispose()


def test_a_secret_is_long_random_and_stored_nowhere(engine: sa.Engine, tmp_path: Path) -> None:
    tokens = Tokens(engine)
    token, secret = tokens.create("trainer")
    _, other = tokens.create("trainer")
    assert secret != other
    assert re.fullmatch(r"neurosym_[A-Za-z0-9_-]{43}", secret)  # 43 * 6 bits
    engine.dispose()
    with sqlite3.connect(tmp_path / "tokens.db") as connection:
        stored = connection.execute("SELECT * FROM tokens").fetchall()
    assert hashlib.sha256(secret.encode()).hexdigest() in {cell for row in stored for cell in row}
    for file in tmp_path.iterdir():
        assert secret.encode() not in file.read_bytes()
    assert next(one.id for one in tokens.all()) == token.id


def test_only_valid_tokens_are_valid(engine: sa.Engine) -> None:
    tokens = Tokens(engine)
    kept, secret = tokens.create("kept")
    gone, _ = tokens.create("gone")
    _, short = tokens.create("short", days=0.05 / 86_400)
    assert set(tokens.valid()) >= {digest(secret)}
    revoked = tokens.revoke(gone.id)
    assert revoked.revoked is not None
    assert tokens.revoke(gone.id).revoked == revoked.revoked  # once is enough
    time.sleep(0.1)
    assert {digest(secret): kept} == tokens.valid()
    assert digest(short) not in tokens.valid()
    assert [one.name for one in tokens.all()] == ["kept", "gone", "short"]


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31m", "x" * 201])
def test_a_name_that_cannot_be_shown_is_refused(engine: sa.Engine, name: str) -> None:
    with pytest.raises(InputError, match="name must be"):
        Tokens(engine).create(name)


@pytest.mark.parametrize("days", [0, -1, 1e9, float("nan")])
def test_days_that_are_none_are_refused(engine: sa.Engine, days: float) -> None:
    with pytest.raises(InputError, match="valid for 0 to"):
        Tokens(engine).create("", days)


def test_revoking_what_is_not_there_says_so(engine: sa.Engine) -> None:
    with pytest.raises(InputError, match="there is no token 'x'"):
        Tokens(engine).revoke("x")


def test_where_others_can_ask_tokens_are_needed(engine: sa.Engine) -> None:
    tokens = Tokens(engine)
    require_safe(Settings(), tokens)
    require_safe(Settings(auth="off"), tokens)
    with pytest.raises(InputError, match="neurosym token create"):
        require_safe(Settings(host="0.0.0.0"), tokens)
    with pytest.raises(InputError, match="neurosym token create"):
        require_safe(Settings(auth="required"), tokens)
    tokens.create("first")
    require_safe(Settings(host="0.0.0.0"), tokens)
    with pytest.raises(InputError, match="leave out --auth off"):
        require_safe(Settings(host="0.0.0.0", auth="off"), tokens)


# --- the commands ----------------------------------------------------------------------------


def test_commands(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'n.db'}"
    assert "There is no token" in neurosym("token", "list", "--database", database).stdout
    made = neurosym("token", "create", "--name", "ci", "--database", database)
    assert made.returncode == 0
    secret = made.stdout.strip()
    assert secret.startswith("neurosym_") and "nobody can see it again" in made.stderr
    listed = json.loads(neurosym("token", "list", "--json", "--database", database).stdout)
    assert [(one["name"], one["state"]) for one in listed] == [("ci", "valid")]
    for shown in (listed, neurosym("token", "list", "--database", database).stdout):
        assert secret not in str(shown) and digest(secret) not in str(shown)
    id = listed[0]["id"]
    assert id in neurosym("token", "revoke", id, "--database", database).stdout
    listed = json.loads(neurosym("token", "list", "--json", "--database", database).stdout)
    assert listed[0]["state"] == "revoked"
    wrong = neurosym("token", "revoke", "nothing", "--database", database)
    assert wrong.returncode == 2 and one_sentence(wrong)


def test_serving_others_without_a_token_is_refused(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'n.db'}"
    found = neurosym("serve", "--host", "0.0.0.0", "--port", "0", "--database", database)
    assert found.returncode == 2 and one_sentence(found)
    assert "neurosym token create" in found.stderr
    off = ["--auth", "off", "--database", database]
    found = neurosym("serve", "--host", "0.0.0.0", "--port", "0", *off)
    assert found.returncode == 2 and "--auth off" in found.stderr


# --- the service -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str, Tokens]]:
    """A service that wants tokens, one of them, and the tokens' database."""
    folder = tmp_path_factory.mktemp("guarded")
    engine = open_database(f"sqlite:///{folder / 'neurosym.db'}")
    tokens = Tokens(engine)
    _, secret = tokens.create("tests")
    with served(folder, "--auth", "required") as server:
        yield server, secret, tokens
    engine.dispose()


_RECORD = {"steps": ["1 + 1 = 2."]}


def _ask(server: Server, *authorization: str) -> httpx.Response:
    headers = [("Authorization", one) for one in authorization]
    return httpx.post(f"{server.url}/v1/verify", json=_RECORD, headers=headers, timeout=30)


def test_a_token_opens_the_service(guarded: tuple[Server, str, Tokens]) -> None:
    server, secret, _ = guarded
    assert _ask(server, f"Bearer {secret}").json()["verdict"] == "proved"
    assert _ask(server, f"bearer {secret}").status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        (),
        ("",),
        ("Bearer",),
        ("Bearer neurosym_wrong",),
        ("Bearer " + "x" * 5000,),
        ("Bearer \xff\xfe",),
        ("Basic dXNlcjpwYXNz",),
        ("Bearer a", "Bearer b"),
    ],
)
def test_anything_else_is_401(guarded: tuple[Server, str, Tokens], given: tuple[str, ...]) -> None:
    server, _, _ = guarded
    headers = [(b"Authorization", one.encode("latin-1")) for one in given]
    found = httpx.post(f"{server.url}/v1/verify", json=_RECORD, headers=headers, timeout=30)
    assert found.status_code == 401
    assert found.headers["WWW-Authenticate"].startswith('Bearer realm="neurosym"')
    assert found.headers["Content-Type"] == "application/problem+json"
    problem = found.json()
    assert problem["status"] == 401 and problem["instance"] == "/v1/verify"
    assert all(one.removeprefix("Bearer ") not in found.text for one in given if len(one) > 8)


def test_a_secret_with_more_or_less_in_it_is_another(guarded: tuple[Server, str, Tokens]) -> None:
    server, secret, _ = guarded
    for near in (secret[:-1], secret + "A", secret.swapcase(), digest(secret)):
        assert _ask(server, f"Bearer {near}").status_code == 401


def test_every_operation_but_health_and_the_page_needs_a_token(
    guarded: tuple[Server, str, Tokens],
) -> None:
    server, secret, _ = guarded
    document = httpx.get(f"{server.url}/openapi.json").json()
    open_paths = {"/healthz", "/readyz", "/health", "/v1/examples"}
    asked = 0
    for path, operations in document["paths"].items():
        for method in operations:
            found = httpx.request(method, server.url + re.sub(r"{.*?}", "x", path), timeout=30)
            if path in open_paths:
                assert found.status_code in (200, 503), path
                assert "security" not in operations[method]
            else:
                assert found.status_code == 401, (method, path)
                assert {"token": []} in operations[method]["security"]
                asked += 1
    assert asked > 10
    assert httpx.get(f"{server.url}/nothing").status_code == 401  # not even what there is not
    assert httpx.get(f"{server.url}/").status_code == 200
    header = {"Authorization": f"Bearer {secret}"}
    assert httpx.get(f"{server.url}/metrics", headers=header).status_code == 200


def test_new_tokens_work_at_once_and_revoked_ones_soon_do_not(
    guarded: tuple[Server, str, Tokens],
) -> None:
    server, _, tokens = guarded
    token, secret = tokens.create("brief")
    time.sleep(0.6)  # strangers' guesses are looked up twice a second at most
    assert _ask(server, f"Bearer {secret}").status_code == 200
    tokens.revoke(token.id)
    end = time.monotonic() + 10
    while _ask(server, f"Bearer {secret}").status_code == 200:
        assert time.monotonic() < end
        time.sleep(0.2)


def test_secrets_are_never_logged(guarded: tuple[Server, str, Tokens]) -> None:
    server, secret, tokens = guarded
    wrong = "neurosym_" + "Qq7" * 14
    _ask(server, f"Bearer {secret}")
    _ask(server, f"Bearer {wrong}")
    httpx.get(f"{server.url}/v1/jobs?token={secret}&access_token={wrong}")
    last = httpx.get(f"{server.url}/healthz", headers={"X-Request-Id": "last-one"})
    assert last.headers["X-Request-Id"] == "last-one"
    server.logged('"id": "last-one"')
    name = next(one.id for one in tokens.all() if one.name == "tests")
    assert f'"token": "{name}"' in server.log  # who asked is known by the token's id
    for text in (secret, wrong, digest(secret), digest(wrong), "Bearer ", "uthorization"):
        assert text not in server.log, text
