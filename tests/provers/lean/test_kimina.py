"""The remote client against a real HTTP server: protocol, ways to fail, and what it judges."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest

from provers.base import LeanProblem, LeanProof, Limits, Outcome
from provers.errors import BrokenToolError, InputError, MissingToolError
from provers.lean.base import Checker
from provers.lean.judge import judge
from provers.lean.kimina import Kimina, Retries
from provers.lean.tactics import Dojo, ProofFinished, TacticState
from tests.provers.lean.kimina_server import lean_answers, serve
from tests.provers.lean.submissions import read_suite

FAST = Retries(3, 0.01)
CHECK = {"op": "check", "code": "theorem t : True := trivial\n"}
LIMITS = Limits(60)


def client(url: str, key: str = "") -> Kimina:
    return Kimina(url, key, retries=FAST)


# --- with Lean behind it --------------------------------------------------------------------


@pytest.mark.parametrize("legacy", [False, True], ids=["api", "verify"])
def test_a_proof_is_judged_elaborated(kept_checker: Checker, legacy: bool) -> None:
    code = "theorem t (n : Nat) : n + 0 = n := by\n  simp\n"
    with serve(lean_answers(kept_checker, legacy=legacy)) as served:
        remote = client(served.url, "secret")
        result = judge(remote, LeanProblem(code, "theorem t (n : Nat) : n + 0 = n"), LIMITS)
    assert result.outcome is Outcome.PROVED
    assert isinstance(result.evidence, LeanProof)
    assert result.evidence.tier == "elaborated"
    assert result.evidence.code == code
    assert result.evidence.toolchain == f"kimina {served.url}"
    assert result.evidence.lean.startswith("4.")
    assert {key for _, _, key in served.requests} == {"Bearer secret"}


@pytest.mark.parametrize("full_lines", [True, False], ids=["file", "body"])
def test_positions_are_those_of_the_code_sent(kept_checker: Checker, full_lines: bool) -> None:
    code = "import Init\n\n\ntheorem a : True := trivial\n\ntheorem b : False :=\n  trivial\n"
    with serve(lean_answers(kept_checker, full_lines=full_lines)) as served:
        problem = LeanProblem(code, "theorem b : False")
        result = judge(client(served.url), problem, LIMITS)
    assert result.outcome is Outcome.ILL_FORMED
    errors = [m for m in result.messages if m.severity == "error"]
    assert [(m.line, m.column) for m in errors] == [(7, 3)]


@pytest.mark.parametrize(
    ("code", "flag"),
    [
        ("theorem t : 1 = 2 := sorry", "sorry"),
        ("axiom cheat : 1 = 2\ntheorem t : 1 = 2 := cheat", "axiom"),
        ("theorem t : 1 = 1 := rfl", "statement_changed"),
        ("private theorem t : 1 = 1 := rfl", "statement_changed"),
        ("theorem other : 1 = 1 := rfl", "missing_theorem"),
        ("theorem t : 1 = 1 := rfl\n#exit\n", "unsupported"),
        ("theorem t : 1 = 1 := rfl\n/-", ""),
        ("namespace N\ntheorem t : 1 = 1 := rfl", "missing_theorem"),
        ("instance : OfNat Nat 2 := ⟨1⟩\ntheorem t : 1 = 2 := rfl", "statement_changed"),
        ('local notation "2" => 1\ntheorem t : 1 = 2 := rfl', "unsupported"),
        ("macro_rules | `(2) => `(1)\ntheorem t : 1 = 2 := rfl", "unsupported"),
        ("set_option debug.skipKernelTC true\ntheorem t : 1 = 2 := sorry", "unsupported"),
        ("theorem t : 1 = 2 := by native_decide", "unsupported"),
        ("theorem t : 1 = 2 := by exact?", ""),
        ("theorem t : 1 = 2 := by\n  ", ""),
        ("theorem t : 1 = 2 := sorry\n#guard_msgs (drop all) in", "unsupported"),
        ("theorem t : 1 = 1 := rfl\nvariable (h : 1 = 2)\ninclude h", "statement_changed"),
        ("theorem t : 1 = 1 := rfl\nprivate", ""),
        ("open Lean Elab in theorem t : 1 = 2 := sorry", "unsupported"),
    ],
)
def test_what_is_no_proof(kept_checker: Checker, code: str, flag: str) -> None:
    with serve(lean_answers(kept_checker)) as served:
        result = judge(client(served.url), LeanProblem(code, "theorem t : 1 = 2"), LIMITS)
    assert not result.conclusive
    if flag:
        assert result.flags == (flag,), result.messages
    else:
        assert result.outcome in (Outcome.ILL_FORMED, Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("theorem t : 2 = 2", "/-- why -/\n@[simp] theorem t : 2 = 2 := rfl"),
        (
            "theorem t.{u} (α : Type u) (a : α) : a = a",
            "theorem t.{u} (α : Type u) (a : α) : a = a := rfl",
        ),
        ("theorem t {α : Type _} (a : α) : a = a", "theorem t {α : Type _} (a : α) : a = a := rfl"),
        ("theorem t (n : Nat) : n = n -- so it is", "theorem t (n : Nat) : n = n := rfl -- so"),
        (
            "theorem A.b : True := by\n  sorry",
            "theorem x : True := trivial\ntheorem A.b : True := x",
        ),
        (
            "open Nat\ndef f (n : Nat) := n\n\n@[simp]\ntheorem t : f 1 = 1",
            "import Init\nopen Nat\ndef f (n : Nat) := n\n\ntheorem s : f 1 = 1 := rfl\n"
            "theorem t : f 1 = 1 := by exact s",
        ),
        (
            "set_option maxRecDepth 2000 in\ntheorem t : 1 = 1",
            "set_option maxRecDepth 2000 in\ntheorem t : 1 = 1 := rfl",
        ),
        (
            "inductive C | red | blue\nvariable (c : C)\ntheorem t : c = .red ∨ c = .blue",
            "inductive C | red | blue\nvariable (c : C)\n"
            "theorem t : c = .red ∨ c = .blue := by cases c <;> simp",
        ),
    ],
)
def test_honest_proofs_of_unusual_shape(kept_checker: Checker, statement: str, code: str) -> None:
    with serve(lean_answers(kept_checker)) as served:
        result = judge(client(served.url), LeanProblem(code, statement), LIMITS)
    assert result.outcome is Outcome.PROVED, result.messages


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        (None, "theorem t : True := trivial", "without a statement"),
        ("example : True", "example : True := trivial", "with a name"),
        ("namespace N\ntheorem t : True", "namespace N\ntheorem t : True := trivial", "namespace"),
        ("def f := 1\ntheorem t : f = 1", "def f := 2\ntheorem t : f = 1 := rfl", "begin with"),
        ("def f := 1\ntheorem t : f = 1", "def f := 1 theorem t : f = 1 := rfl", "begin with"),
    ],
)
def test_what_it_does_not_judge(statement: str | None, code: str, words: str) -> None:
    with serve(lambda path, data: (500, {})) as served:
        result = judge(client(served.url), LeanProblem(code, statement), LIMITS)
    assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "unsupported")
    assert words in result.messages[0].text
    assert served.requests == []


def test_a_statement_that_does_not_elaborate(kept_checker: Checker) -> None:
    with serve(lean_answers(kept_checker)) as served:
        problem = LeanProblem("theorem t : True := trivial", "theorem t : Tru")
        result = judge(client(served.url), problem, LIMITS)
    assert result.outcome is Outcome.ILL_FORMED
    assert result.messages[0].text.startswith("statement:")


@pytest.mark.parametrize(
    ("code", "flag"),
    [
        ("def t : 1 = 1 := rfl", "not_theorem"),
        ("abbrev t : 1 = 1 := rfl", "not_theorem"),
        ("private theorem t : 1 = 1 := rfl", "missing_theorem"),
    ],
)
def test_what_has_the_type_and_is_no_such_theorem(
    kept_checker: Checker, code: str, flag: str
) -> None:
    with serve(lean_answers(kept_checker)) as served:
        result = judge(client(served.url), LeanProblem(code, "theorem t : 1 = 1"), LIMITS)
    assert (result.outcome, result.flags) == (Outcome.UNKNOWN, (flag,))


# A theorem with other brackets around its binders proves as much, and so does one whose tactic has
# a computed configuration: the local judge is stricter.
_AS_GOOD = {"program_in_config_item", "statement_other_brackets", "statement_instance_brackets"}


@pytest.mark.parametrize("suite", ["cheats", "honest"])
def test_the_suites_of_the_local_judge(kept_checker: Checker, suite: str) -> None:
    with serve(lean_answers(kept_checker)) as served:
        remote = client(served.url)
        results = {
            s.name: judge(remote, LeanProblem(s.code, s.statement), LIMITS)
            for s in read_suite(suite)  # type: ignore[arg-type]
        }
    proved = {name for name, result in results.items() if result.conclusive}
    if suite == "cheats":
        assert proved <= _AS_GOOD
    else:  # plain proofs are accepted, the others are not judged; none is called wrong
        assert all(results[name].flags == ("unsupported",) for name in results.keys() - proved)
        assert len(proved) > len(results) * 3 / 4


def test_an_import_that_is_not_there(kept_checker: Checker) -> None:
    with serve(lean_answers(kept_checker)) as served:
        problem = LeanProblem("import Nowhere\ntheorem t : True := trivial", "theorem t : True")
        result = judge(client(served.url), problem, LIMITS)
    assert result.outcome is Outcome.ILL_FORMED


def test_tactics_work_over_it(kept_checker: Checker) -> None:
    with (
        serve(lean_answers(kept_checker)) as served,
        Dojo(client(served.url), "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p", LIMITS) as (dojo, s),
    ):
        split = dojo.run_tac(s, "constructor")
        assert isinstance(split, TacticState)
        assert split.num_goals == 2
        done = dojo.run_tac(s, "exact ⟨h.2, h.1⟩")
    assert isinstance(done, ProofFinished)
    assert done.proof.tier == "elaborated"


# --- the protocol, without Lean -------------------------------------------------------------


def one(result: dict[str, Any]) -> Any:
    """A server that gives this result to each request."""

    def answer(path: str, data: dict[str, Any]) -> tuple[int, Any]:
        return 200, {"results": [{"id": data["snippets"][0]["id"], **result}]}

    return answer


@pytest.mark.parametrize(
    ("text", "stopped"),
    [
        ("Lean REPL command timed out in 60 seconds", "timeout"),
        ("REPL out of memory", "memory"),
        ("unknown module prefix 'Nowhere'", "header"),
        ("the REPL died", "crash"),
    ],
)
def test_errors_are_told_apart(text: str, stopped: str) -> None:
    for result in ({"error": text}, {"response": {"message": text}}):
        with serve(one(result)) as served:
            reply = client(served.url).ask(("Init",), CHECK, LIMITS)
        assert (reply.body, reply.stopped, reply.detail) == (None, stopped, text)


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"error": "x", "response": {"env": 0}},
        {"response": {}},
        {"response": []},
        {"response": {"env": 0, "messages": "none"}},
        {"response": {"env": 0, "messages": [{"severity": "error"}]}},
        {"response": {"env": 0, "messages": ["error"]}},
        {"id": "another", "response": {"env": 0}},
    ],
)
def test_answers_outside_the_protocol(result: dict[str, Any]) -> None:
    with serve(one(result)) as served, pytest.raises(BrokenToolError):
        client(served.url).ask(("Init",), CHECK, LIMITS)


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"{}", b'{"results": []}', b"null"])
def test_answers_that_are_none(body: bytes) -> None:
    with serve(lambda path, data: (200, body)) as served, pytest.raises(BrokenToolError):
        client(served.url).ask(("Init",), CHECK, LIMITS)


@pytest.mark.parametrize("severity", ["info", "error"])
def test_what_is_not_read_to_its_end_has_an_error(severity: str) -> None:
    """As behind ``#exit``; or where the code takes what marks its end for its own."""

    def answer(path: str, data: dict[str, Any]) -> tuple[int, Any]:
        (snippet,) = data["snippets"]
        last = snippet["code"].rstrip("\n").split("\n")[-1]
        text = "nothing" if severity == "info" else f"not expected: {last}"
        message = {"severity": severity, "data": text, "pos": {"line": 1, "column": 0}}
        return 200, {
            "results": [{"id": snippet["id"], "response": {"env": 0, "messages": [message]}}]
        }

    with serve(answer) as served:
        reply = client(served.url).ask(("Init",), CHECK, LIMITS)
    assert reply.body is not None
    assert reply.body["errors"] is True
    assert [m["text"] for m in reply.body["messages"] if m["severity"] == "error"] == [
        "Lean did not read the code to its end"
    ]


def test_a_check_that_stops_early_has_an_error(kept_checker: Checker) -> None:
    with serve(lean_answers(kept_checker)) as served:
        for code, errors in ((CHECK["code"], False), ("#exit\ntheorem t : 1 = 2 := rfl\n", True)):
            reply = client(served.url).ask(("Init",), {"op": "check", "code": code}, LIMITS)
            assert reply.body is not None
            assert reply.body["errors"] is errors


def test_an_empty_answer_proves_nothing() -> None:
    with serve(one({"response": {"env": 0}})) as served:
        problem = LeanProblem("theorem t : True := trivial", "theorem t : True")
        result = judge(client(served.url), problem, LIMITS)
    assert result.outcome is Outcome.UNKNOWN
    assert result.flags == ("missing_theorem",)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_failures_of_the_server_are_tried_again(status: int) -> None:
    ok = one({"response": {"env": 0}})
    seen = []

    def answer(path: str, data: dict[str, Any]) -> tuple[int, Any]:
        seen.append(path)
        return (status, {"detail": "busy"}) if len(seen) < 3 else ok(path, data)

    with serve(answer) as served:
        reply = client(served.url).ask(("Init",), CHECK, LIMITS)
    assert reply.body is not None
    assert len(seen) > 2


def test_a_server_that_keeps_failing_is_a_crash() -> None:
    with serve(lambda path, data: (500, {"detail": "REPL died"})) as served:
        reply = client(served.url).ask(("Init",), CHECK, LIMITS)
    assert (reply.body, reply.stopped) == (None, "crash")
    assert "HTTP 500" in reply.detail
    assert len(served.requests) == FAST.attempts


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, MissingToolError, "refuses the key"),
        (403, MissingToolError, "refuses the key"),
        (404, BrokenToolError, "HTTP 404"),
        (302, BrokenToolError, "HTTP 302"),
        (422, BrokenToolError, "HTTP 422"),
    ],
)
def test_statuses_that_no_repetition_helps(status: int, kind: type[Exception], words: str) -> None:
    with (
        serve(lambda path, data: (status, {})) as served,
        pytest.raises(kind, match=words) as caught,
    ):
        client(served.url, "very-secret").ask(("Init",), CHECK, LIMITS)
    assert "very-secret" not in str(caught.value)


def test_nobody_answers() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(MissingToolError, match="no Lean server answers"):
        client(f"http://127.0.0.1:{port}").ask(("Init",), CHECK, LIMITS)
    assert not client(f"http://127.0.0.1:{port}").healthy()


def test_a_server_that_hangs_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provers.lean.kimina._SLACK_SECONDS", 0.2)
    stop = threading.Event()

    def answer(path: str, data: dict[str, Any]) -> tuple[int, Any]:
        stop.wait(30)
        return 200, {}

    with serve(answer) as served:
        reply = client(served.url).ask(("Init",), CHECK, Limits(0.2))
        stop.set()
    assert (reply.body, reply.stopped) == (None, "timeout")


def test_health() -> None:
    with serve(lambda path, data: (200, {"status": "ok"})) as served:
        assert client(served.url).healthy()
    with serve(lambda path, data: (200, b"<html>")) as served:
        assert not client(served.url).healthy()


def test_plain_http_is_no_tls() -> None:
    with serve(one({"response": {"env": 0}})) as served:
        url = served.url.replace("http:", "https:")
        with pytest.raises(MissingToolError, match="no Lean server answers"):
            client(url).ask(("Init",), CHECK, LIMITS)


@pytest.mark.parametrize(
    "url", ["", "localhost:8000", "ftp://host", "http://", "http://u:p@host", "http://host:port"]
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(InputError):
        Kimina(url)


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAN_SERVER_API_KEY", "from-there")
    with serve(one({"response": {"env": 0}})) as served:
        Kimina(served.url, retries=FAST).ask(("Init",), CHECK, LIMITS)
    assert served.requests[0][2] == "Bearer from-there"


def test_a_key_that_would_break_the_header() -> None:
    with pytest.raises(InputError, match="key"):
        Kimina("http://host", "a\r\nX: y")


def test_the_version_is_unknown_before_an_answer() -> None:
    assert Kimina("http://host", "").version().version == "unknown"
