"""Kimina's forms against a real service: by its published client, and as they are on the wire."""

from __future__ import annotations

import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from provers.base import LeanProblem, Limits, Outcome
from provers.lean.judge import judge
from provers.lean.kimina import Kimina
from provers.lean.toolchain import Toolchain
from tests.neurosym.service.servers import Server, served
from tests.neurosym.test_cli import neurosym

SCRIPT = Path(__file__).parent / "kimina_script.py"
CLIENT = ("kimina-client==0.2.1",)
# What its modules import. It requires ``datasets`` too, for one benchmark that is not run here.
NEEDED = ("pygments", "httpx", "pydantic", "tqdm", "tenacity", "tabulate", "colorama")
GOOD = "theorem t : 1 + 1 = 2 := rfl"
SLOW = (
    "set_option maxHeartbeats 0\nset_option maxRecDepth 1000000000\n"
    "theorem t : ∀ n : Nat, n < 4000 → n * n = n ^ 2 := by decide"
)
CRASH = "#eval (IO.Process.exit 0 : IO Unit)"
STACK = "theorem t : True := " + "(" * 30_000 + "trivial" + ")" * 30_000
SECONDS = 240.0


@pytest.fixture(scope="module")
def server(lean_toolchain: Toolchain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with served(tmp_path_factory.mktemp("kimina")) as server:
        yield server


def post(server: Server, path: str, body: Any, **more: Any) -> httpx.Response:
    return httpx.post(server.url + path, json=body, timeout=SECONDS, **more)


def check(server: Server, *codes: str, **more: Any) -> list[dict[str, Any]]:
    snippets = [{"id": str(i), "code": code} for i, code in enumerate(codes)]
    answer = post(server, "/api/check", {"snippets": snippets, **more})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    assert [result["id"] for result in results] == [snippet["id"] for snippet in snippets]
    assert all(("error" in result) != ("response" in result) for result in results)
    assert all(isinstance(result["time"], int | float) for result in results)
    return results


def errors(result: dict[str, Any]) -> list[str]:
    messages = result["response"].get("messages", [])
    return [m["data"] for m in messages if m["severity"] == "error"]


# --- the published client ------------------------------------------------------------------


def _interpreters() -> Iterator[str]:
    """Interpreters that may be new enough for the client."""
    yield sys.executable
    for name in ("python3.13", "python3.12"):
        found = shutil.which(name)
        if found:
            yield found
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for minor in ("3.13", "3.12"):
        yield from map(str, sorted(versions.glob(f"{minor}.*/bin/python")))


@pytest.fixture(scope="session")
def client_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter with the published client, in an environment of its own."""
    new = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))"
    for python in _interpreters():
        tried = subprocess.run([python, "-c", new], capture_output=True, check=False)
        if tried.returncode == 0:
            break
    else:
        pytest.skip("kimina-client needs Python 3.12 or newer")
    folder = tmp_path_factory.mktemp("client")
    subprocess.run([python, "-m", "venv", folder], check=True, capture_output=True)
    made = str(folder / "bin" / "python")
    pip = [made, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for words in (("--no-deps", *CLIENT), NEEDED):
        done = subprocess.run([*pip, *words], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"kimina-client cannot be installed: {done.stderr[-300:]}")
    return made


def test_the_published_client(
    lean_toolchain: Toolchain, client_python: str, tmp_path: Path
) -> None:
    database = ["--database", f"sqlite:///{tmp_path / 'neurosym.db'}"]
    token = json.loads(neurosym("token", "create", *database, "--json").stdout)["token"]
    with served(tmp_path, "--auth", "required") as server:
        done = subprocess.run(
            [client_python, str(SCRIPT), server.url, token],
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert done.returncode == 0, done.stderr
        assert token not in server.log
        assert httpx.get(f"{server.url}/health").json() == {"status": "ok"}
        assert post(server, "/api/check", {}).status_code == 401
        assert post(server, "/verify", {}).status_code == 401
    found = json.loads(done.stdout.splitlines()[-1])  # it logs there too
    order = ["valid", "sorry", "error", "import", "slow", "crash", "after"]
    assert found["order"] == order
    crashed = found["statuses"].pop("crash")
    # The embedded Lean ends with the snippet; a native one may be kept from it.
    assert crashed in ("server_error", "lean_error")
    assert found["statuses"] == {
        "valid": "valid",
        "sorry": "sorry",
        "error": "lean_error",
        "import": "lean_error",
        "slow": "timeout_error",
        "after": "valid",
    }
    three = {"valid": "valid", "sorry": "sorry", "error": "lean_error"}
    assert found["one at a time"] == three
    assert sorted(found["async"]) == sorted([*three.values()] * 4)
    assert found["health"] == {"status": "ok"}
    assert found["diagnostics"] == ["repl_uuid"]
    assert found["refused"] == ["server_error"]
    assert found["older"] == [["7", []], ["x", ["error"]]]


def test_our_own_client(server: Server) -> None:
    checker = Kimina(server.url)
    assert checker.healthy()
    reply = checker.ask(("Init",), {"op": "check", "code": "\n\n#check Nat\n"}, Limits(60.0))
    assert reply.body is not None and not reply.body["errors"]
    (message,) = reply.body["messages"]
    assert (message["line"], message["text"]) == (3, "Nat : Type")
    good = LeanProblem("theorem t (a b : Nat) : a + b = b + a := by exact Nat.add_comm a b")
    assert judge(checker, good, Limits(60.0)).outcome is not Outcome.FAILED
    bad = LeanProblem("theorem t : 1 = 2 := by decide", "theorem t : 1 = 2")
    assert judge(checker, bad, Limits(60.0)).outcome is Outcome.ILL_FORMED
    assert "embedded" in checker.version().toolchain or checker.version().version != "unknown"


# --- what a result holds -------------------------------------------------------------------


def test_results(server: Server) -> None:
    found = check(
        server,
        GOOD,
        "#check Nat",
        "theorem t : 1 + 1 = 3 := by\n  rfl",
        "theorem t (p q : Prop) (hp : p) : p ∧ q := by\n  exact ⟨hp, sorry⟩",
        "",
        "   \n-- nothing\n",
        "example (a : Nat) : a = a + 0 := by\n  trace_state\n  rfl",
    )
    assert found[0]["response"] == {"env": 0}
    assert found[1]["response"]["messages"] == [
        {
            "severity": "info",
            "pos": {"line": 1, "column": 0},
            "endPos": {"line": 1, "column": 6},
            "data": "Nat : Type",
        }
    ]
    (message,) = found[2]["response"]["messages"]
    assert (message["severity"], message["pos"]) == ("error", {"line": 2, "column": 2})
    assert "sorries" not in found[2]["response"]
    assert found[3]["response"]["sorries"] == [
        {
            "pos": {"line": 2, "column": 13},
            "endPos": {"line": 2, "column": 18},
            "goal": "p q : Prop\nhp : p\n⊢ q",
        }
    ]
    assert [m["severity"] for m in found[3]["response"]["messages"]] == ["warning"]
    assert found[4]["response"] == found[5]["response"] == {"env": 0}
    assert "⊢ a = a + 0" in found[6]["response"]["messages"][0]["data"]
    assert all("diagnostics" not in result for result in found)


@pytest.mark.parametrize(
    "code",
    [
        "set_option warn.sorry false in\ntheorem t : 1 = 2 := by sorry",
        "set_option warn.sorry false\ntheorem t : 1 = 2 := sorryAx _ false",
        'macro "cheat" : tactic => `(tactic| sorry)\nset_option warn.sorry false\n'
        "theorem t : 1 = 2 := by cheat",
    ],
)
def test_no_sorry_passes_for_a_proof(server: Server, code: str) -> None:
    (found,) = check(server, code)
    assert len(found["response"]["sorries"]) == 1


def test_errors_behind_the_messages_that_are_passed_on(server: Server) -> None:
    code = "\n".join(["#check Nat"] * 250 + ["theorem t : 1 = 2 := rfl"])
    (found,) = check(server, code)
    assert errors(found) == ["there are errors after these messages"]


@pytest.mark.parametrize(
    ("above", "line", "env"),
    [
        ("", 1, 0),
        ("import Init\n", 1, 1),
        ("\nimport Init\nimport Std\n\n", 1, 1),
        ("-- a\n", 2, 0),
    ],
)
def test_lines_count_from_where_the_code_begins(
    server: Server, above: str, line: int, env: int
) -> None:
    """As with Kimina: behind imports and blank lines."""
    (found,) = check(server, f"{above}#check Nat")
    (message,) = found["response"]["messages"]
    assert (message["pos"]["line"], message["endPos"]["line"]) == (line, line)
    assert message["data"] == "Nat : Type"
    assert found["response"]["env"] == (0 if above != "\nimport Init\nimport Std\n\n" else env)


@pytest.mark.parametrize(
    ("code", "place", "words"),
    [
        ("import No.Such.Module\n#check Nat", {"line": 1, "column": 7}, "No"),
        ("import Init\nimport  Nowhere\n#check Nat", {"line": 2, "column": 8}, "Nowhere"),
        ("module\n#check Nat", {"line": 1, "column": 0}, "module"),
        ("#check Nat\n\0", {"line": 2, "column": 0}, "NUL"),
        ("import", {"line": 1, "column": 0}, ""),
    ],
)
def test_what_is_wrong_with_the_head_is_told(
    server: Server, code: str, place: dict[str, int], words: str
) -> None:
    found = check(server, code, GOOD)
    assert found[0]["response"]["messages"][0]["severity"] == "error"
    assert found[0]["response"]["messages"][0]["pos"] == place
    assert words in errors(found[0])[0]
    assert found[1]["response"] == {"env": 0}


# --- snippets by themselves ----------------------------------------------------------------


def test_snippets_never_see_each_other(server: Server) -> None:
    defines = 'def mine : Nat := 1\ntheorem t : mine = 1 := rfl\nnotation "one" => mine'
    uses = "#check mine"
    for order in ([defines, uses], [uses, defines], [defines] * 3 + [uses] * 3):
        for code, found in zip(order, check(server, *order), strict=True):
            assert bool(errors(found)) == (code == uses)
    again = check(server, "import Init\n" + defines, "import Init\n" + uses, defines)
    assert [bool(errors(found)) for found in again] == [False, True, False]


def test_a_crash_a_hang_and_a_flood_are_one_snippet_s_own(server: Server) -> None:
    codes = [GOOD, CRASH, SLOW, STACK, GOOD, "theorem t : 1 = 2 := rfl", GOOD]
    found = check(server, *codes, timeout=4)
    assert [result.get("response") for i, result in enumerate(found) if i in (0, 4, 6)] == [
        {"env": 0}
    ] * 3
    assert errors(found[5])
    assert found[1].get("error", "").startswith("Lean crashed") or errors(found[1])
    assert found[2]["error"] == "the check timed out after 4 s"
    assert found[3].get("error", "") == "Lean ran out of stack" or "stack" in str(found[3])


def test_a_snippet_that_reaches_out_gets_nothing(server: Server, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do not tell")
    found = check(
        server,
        f'#eval show IO Unit from do IO.println (← IO.FS.readFile "{secret}")',
        f'#eval IO.FS.writeFile "{tmp_path}/new" "x"',
        '#eval show IO Unit from do IO.println (← IO.Process.output {cmd := "id"}).stdout',
        "import Std.Internal.UV.TCP\n"
        "#eval show IO Unit from do discard Std.Internal.UV.TCP.Socket.new",
        GOOD,
    )
    assert "do not tell" not in json.dumps(found)
    assert [p.name for p in tmp_path.iterdir()] == ["secret"]
    assert all("error" in result or errors(result) for result in found[:4])
    assert found[4]["response"] == {"env": 0}
    assert server.alive()


def test_many_at_once_are_not_mixed_up(server: Server) -> None:
    def ask(n: int) -> bool:
        codes = [f"#eval {n}", f"theorem t{n} : {n} + {n} = {2 * n} := rfl", f"#check ({n} : Nat)"]
        found = check(server, *codes[1:])
        (message,) = found[1]["response"]["messages"]
        return found[0]["response"] == {"env": 0} and message["data"] == f"{n} : Nat"

    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(100, 140)))


# --- the older form ------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/verify", "/one_pass_verify_batch"])
def test_the_older_form(server: Server, path: str) -> None:
    codes = [
        {"custom_id": 1, "proof": GOOD},
        {"custom_id": "a", "code": "theorem t : 1 = 2 := rfl"},
        {"custom_id": 1, "proof": "#check Nat", "code": "nonsense"},
        {"custom_id": "slow", "proof": SLOW, "code": None},
    ]
    body = {"codes": codes, "timeout": 2, "infotree_type": None, "disable_cache": True}
    answer = post(server, path, body)
    assert answer.status_code == 200, answer.text
    found = answer.json()["results"]
    assert [result["custom_id"] for result in found] == ["1", "a", "1", "slow"]
    assert {**found[0]["response"], "time": 0} == {"env": 0, "time": 0}
    assert found[1]["response"]["messages"][0]["severity"] == "error"
    assert found[2]["response"]["messages"][0]["data"] == "Nat : Type"
    assert "timed out" in found[3]["error"] and found[3]["response"] is None
    assert [result["error"] for result in found[:3]] == [None] * 3
    assert post(server, path, {"codes": []}).json() == {"results": []}


# --- what is refused -----------------------------------------------------------------------

ONE = {"id": "a", "code": GOOD}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/api/check", {}, "snippets"),
        ("/api/check", {"snippets": []}, "snippets"),
        ("/api/check", {"snippets": [ONE, ONE]}, ""),
        ("/api/check", {"snippets": [{"custom_id": "a", "code": GOOD}]}, "snippets.0.id"),
        ("/api/check", {"snippets": [{"id": 1, "code": GOOD}]}, "snippets.0.id"),
        ("/api/check", {"snippets": [{"id": "a" * 1001, "code": GOOD}]}, "snippets.0.id"),
        ("/api/check", {"snippets": [{"id": "a"}]}, "snippets.0.code"),
        ("/api/check", {"snippets": GOOD}, "snippets"),
        ("/api/check", {"snippets": [ONE], "timeout": -1}, "timeout"),
        ("/api/check", {"snippets": [ONE], "timeout": "60"}, "timeout"),
        ("/api/check", {"snippets": [ONE], "infotree": "original"}, "infotree"),
        ("/api/check", {"snippets": [ONE], "infotree": "some"}, "infotree"),
        ("/api/check", {"snippets": [ONE], "cores": 4}, "cores"),
        (
            "/api/check",
            {"snippets": [{"id": str(i), "code": ""} for i in range(5001)]},
            "snippets",
        ),
        ("/verify", {}, "codes"),
        ("/verify", {"codes": [{"custom_id": "a"}]}, "codes.0"),
        ("/verify", {"codes": [{"custom_id": 2**70, "code": ""}]}, "codes.0.custom_id"),
        ("/verify", {"codes": [{"custom_id": "a" * 1001, "code": ""}]}, "codes.0.custom_id"),
        ("/verify", {"codes": [{"code": ""}]}, "codes.0.custom_id"),
        ("/verify", {"codes": [], "infotree_type": "full"}, "infotree_type"),
    ],
)
def test_what_is_refused(server: Server, path: str, body: Any, field: str) -> None:
    answer = post(server, path, body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field


def test_bodies_that_are_none(server: Server) -> None:
    json_type = {"Content-Type": "application/json"}
    for path in ("/api/check", "/verify"):
        url = server.url + path
        assert httpx.post(url, content="{", headers=json_type).status_code == 400
        assert httpx.post(url, content="[" * 10_000, headers=json_type).status_code in (400, 422)
        assert httpx.post(url, data={"a": "b"}).status_code == 415
        assert httpx.get(url).status_code == 405
    huge = {"snippets": [{"id": "a", "code": " " * (9 << 20)}]}
    assert post(server, "/api/check", huge).status_code == 413


def test_a_huge_snippet(server: Server) -> None:
    large = "-- " + "x" * 4_900_000 + "\n#check Nat"
    found = check(server, large, timeout=60)
    assert found[0]["response"]["messages"][0]["data"] == "Nat : Type"
    (found_larger,) = check(server, "-- " + "x" * 5_100_000)
    assert "split it" in errors(found_larger)[0]


def test_a_timeout_of_nothing_and_of_too_much(server: Server) -> None:
    (none,) = check(server, SLOW, timeout=0)
    assert "timed out" in none["error"]
    (much,) = check(server, GOOD, timeout=10**9)
    assert much["response"] == {"env": 0}


# --- load ----------------------------------------------------------------------------------


def test_a_client_that_goes_frees_its_place(server: Server) -> None:
    check(server, GOOD)
    body = {"snippets": [{"id": str(i), "code": SLOW} for i in range(20)], "timeout": 60}
    for _ in range(2):
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{server.url}/api/check", json=body, timeout=1.5)
    start = time.monotonic()
    (found,) = check(server, GOOD)
    assert found["response"] == {"env": 0}
    assert time.monotonic() - start < 40, "the 40 checks of a minute each were given up"


def test_too_many_at_once(lean_toolchain: Toolchain, tmp_path: Path) -> None:
    with served(tmp_path, "--workers", "1", "--queue", "1") as server:
        check(server, GOOD)

        def ask(_: int) -> httpx.Response:
            return post(
                server, "/api/check", {"snippets": [{"id": "a", "code": SLOW}], "timeout": 3}
            )

        with concurrent.futures.ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(ask, range(6)))
        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [200, 200, 429, 429, 429, 429]
        assert all(int(a.headers["Retry-After"]) > 0 for a in answers if a.status_code == 429)
        assert all("timed out" in a.text for a in answers if a.status_code == 200)
        (after,) = check(server, GOOD)
        assert after["response"] == {"env": 0}
