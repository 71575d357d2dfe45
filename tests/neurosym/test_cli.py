"""The real command line, as a process of its own: output, exit status, one sentence of error."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAIN = "from neurosym.cli import main; main()"
ARGV = [sys.executable, "-c", MAIN]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}


def neurosym(*arguments: str, stdin: str | bytes = b"") -> subprocess.CompletedProcess[str]:
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [*ARGV, *arguments], input=data, capture_output=True, timeout=60, env=environment()
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The complaint: exactly one line on stderr, nothing on stdout."""
    assert done.stdout == ""
    assert done.stderr.startswith("neurosym: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


# --- verify --------------------------------------------------------------------------------


def test_verify_example_with_a_wrong_step() -> None:
    done = neurosym("verify", "--example", "wrong-step", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert done.stderr == ""
    assert report["verdict"] == "refuted"
    assert [step["verdict"] for step in report["steps"]] == [
        "refuted",
        "proved",
        "proved",
        "no_claim",
    ]
    assert "depends_on_refuted" in report["steps"][1]["flags"]


def test_verify_example_that_is_right() -> None:
    done = neurosym("verify", "--example", "arithmetic", "--json", "--recheck")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert report["verdict"] == "proved"
    assert report["steps"][0]["recheck"]["ok"] is True
    assert set(report) == {"id", "verdict", "steps", "question", "answer", "summary"}
    wanted = {"index", "text", "verdict", "reason", "flags", "formal", "prover", "seconds"}
    assert {*wanted, "evidence", "depends_on"} <= set(report["steps"][0])


def test_verify_example_of_rules() -> None:
    done = neurosym("verify", "--example", "rules")
    assert done.returncode == 1
    for word in ("proved", "refuted", "independent", "premise 3"):
        assert word in done.stdout


def test_every_listed_example_runs() -> None:
    names = json.loads(neurosym("verify", "--list-examples", "--json").stdout)
    assert len(names) >= 3
    assert neurosym("verify", "--list-examples").stdout.split() == names


def test_show_formal() -> None:
    done = neurosym("verify", "-", "--show", "formal", stdin="2 + 2 = 4.")
    assert done.returncode == 0
    assert "⊢ 2 + 2 = 4" in done.stdout


def test_world_is_overridden() -> None:
    record = json.dumps({"premises": ["Rex is a dog."], "steps": ["Rex is not red."]})
    opened = json.loads(neurosym("verify", "-", "--json", stdin=record).stdout)
    closed = json.loads(neurosym("verify", "--json", "--world", "closed", stdin=record).stdout)
    assert opened["verdict"] == "independent"
    assert closed["verdict"] == "proved"


def test_a_bad_record_among_many_is_a_result_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    records = [
        '{"id": "a", "steps": ["2 + 2 = 4."]}',
        '{"id": "b", "steps": 3}',
        "not json",
        "",
        '{"id": 7, "solution": "3 + 3 = 6."}',
    ]
    file.write_text("\n".join(records))
    done = neurosym("verify", str(file), "--json")
    found = lines(done.stdout)
    assert done.returncode == 1
    assert [r["id"] for r in found] == ["a", "b", "3", 7]
    assert [r["verdict"] for r in found] == ["proved", "ill_formed", "ill_formed", "proved"]
    assert found[1]["line"] == 2 and "'steps'" in found[1]["reason"]
    assert found[2]["line"] == 3


def test_a_line_of_ten_megabytes_among_many(tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl"
    long = '{"steps": ["' + "a" * 10_000_000 + '"]}'
    file.write_text(long + '\n{"steps": ["3 + 3 = 6."]}\n')
    done = neurosym("verify", str(file), "--json")
    assert done.returncode == 1
    assert [r["verdict"] for r in lines(done.stdout)] == ["ill_formed", "proved"]


def test_invalid_utf8_in_one_line_of_many(tmp_path: Path) -> None:
    file = tmp_path / "latin.jsonl"
    file.write_bytes(b'{"steps": ["caf\xe9"]}\n{"steps": ["3 + 3 = 6."]}\n')
    done = neurosym("verify", str(file), "--json")
    assert done.returncode == 1
    assert [r["verdict"] for r in lines(done.stdout)] == ["ill_formed", "proved"]


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\n", "is empty"),
        ("binary.txt", bytes(range(256)) * 8, "binary"),
        ("latin.txt", b"caf\xe9 has 2 + 2 = 4 cups.", "UTF-8"),
        ("long.txt", b"a" * 10_000_000, "10,000,000 characters"),
        ("types.json", b'{"steps": "2 + 2 = 4"}', "'steps'"),
        ("number.json", b"17", "JSON object"),
        ("broken.json", b'{"steps": [', "not JSON"),
        ("deep.json", b"[" * 100_000, "nested too deeply"),
        ("none.json", b"{}", "'steps' or 'solution'"),
    ],
)
def test_unreadable_input(tmp_path: Path, name: str, content: bytes, named: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    done = neurosym("verify", str(file), "--json")
    assert done.returncode == 2
    assert named in one_sentence(done)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for command in ("verify", "prove"):
        missing = neurosym(command, str(tmp_path / "nothing.json"))
        assert missing.returncode == 2
        assert "does not exist" in one_sentence(missing)
        folder = neurosym(command, str(tmp_path))
        assert folder.returncode == 2
        assert "folder" in one_sentence(folder)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["verify", "--prover"],
        ["verify", "--timeout", "soon", "--example", "rules"],
        ["verify", "--timeout", "-1", "--example", "rules"],
        ["verify", "--world", "flat", "--example", "rules"],
        ["verify", "--example", "nothing"],
        ["verify", "file", "--example", "rules"],
        ["verify", "--prover", "nothing", "--example", "rules"],
        ["prove", "--notation", "nothing", "--goal", "P(a)"],
        ["prove", "file.txt", "--goal", "P(a)"],
        ["translate", "All dogs are big.", "--to", "nothing"],
        ["translate", ""],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    done = neurosym(*arguments)
    assert done.returncode == 2
    one_sentence(done)


def test_a_prover_that_is_not_installed(tmp_path: Path) -> None:
    env = {**environment(), "PATH": str(tmp_path)}
    for command in (["verify", "--example", "rules"], ["prove", "--goal", "P(a)"]):
        done = subprocess.run(
            [*ARGV, *command, "--prover", "vampire"], capture_output=True, env=env, timeout=60
        )
        assert done.returncode == 3
        assert done.stdout == b""
        assert b"Vampire" in done.stderr and done.stderr.count(b"\n") == 1


def test_deeply_nested_text_is_untranslated() -> None:
    steps = ["(" * 3000 + "2" + ")" * 3000 + " = 3", "not " * 3000 + "Rex is big."]
    done = neurosym("verify", "-", "--json", stdin=json.dumps({"steps": steps}))
    assert done.returncode == 0
    verdicts = [step["verdict"] for step in json.loads(done.stdout)["steps"]]
    assert verdicts == ["untranslated", "untranslated"]


def test_text_cannot_control_the_terminal() -> None:
    done = neurosym("verify", "-", stdin="\x1b[31mRex\x07 is \x9b31m big.")
    assert done.returncode == 0
    assert not {"\x1b", "\x07", "\x9b"} & set(done.stdout)
    done = neurosym("verify", "no\x1b[31mthing")
    assert "\x1b" not in one_sentence(done)


@pytest.mark.parametrize("command", ["verify", "prove"])
def test_half_a_surrogate_pair(command: str) -> None:
    record = '{"id": "\\ud800", "premises": ["P(\\ud800)"], "goal": "P(a)", "steps": ["\\ud800"]}'
    for extra in ([], ["--json"]):
        done = neurosym(command, "-", *extra, stdin=record + "\n" + record)
        assert done.returncode == 1
        assert "ill_formed" in done.stdout


def test_a_locale_without_unicode() -> None:
    done = subprocess.run(
        [*ARGV, "translate", "All dogs are big."],
        capture_output=True,
        env={**environment(), "PYTHONIOENCODING": "ascii"},
        timeout=60,
    )
    assert done.stdout.decode() == "∀x (dog(x) → big(x))\n"


def test_interrupted_in_the_middle_prints_what_was_finished(tmp_path: Path) -> None:
    file = tmp_path / "long.json"
    steps = [f"We get {n} + {n} = {2 * n}." for n in range(1, 4001)]
    file.write_text(json.dumps({"id": "long", "steps": steps}))
    with subprocess.Popen(
        [*ARGV, "verify", str(file), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        time.sleep(2.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    report = json.loads(out)
    assert process.returncode == 130
    assert report["interrupted"] is True
    assert 0 < len(report["steps"]) < 4000
    assert all(step["verdict"] == "proved" for step in report["steps"])
    assert report["verdict"] == "unknown"
    assert b"interrupted" in err and err.count(b"\n") == 1


@pytest.mark.parametrize("extra", [["--json"], []])
def test_a_closed_pipe(tmp_path: Path, extra: list[str]) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text('{"steps": ["2 + 2 = 4."]}\n' * 200)
    with subprocess.Popen(
        [*ARGV, "verify", str(file), *extra],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.wait(timeout=30)
    assert process.returncode == 141
    assert err.count(b"\n") == 1 and b"closed" in err


# --- prove ---------------------------------------------------------------------------------


def test_prove_records() -> None:
    rules = ["all x. (Dog(x) -> Animal(x))", "Dog(rex)"]
    records: list[dict[str, Any]] = [
        {"id": "p", "notation": "nltk", "premises": rules, "goal": "Animal(rex)"},
        {"id": "r", "language": "fol", "premises": rules, "goal": "-Animal(rex)"},
        {"id": "i", "premises": rules, "goal": "Red(rex)"},
        {"id": "c", "premises": ["P(a)", "-P(a)"], "goal": "Q(a)"},
        {"id": "same", "premises": ["P(a)"], "goal": "P(a)"},
        {"id": "ill", "premises": ["P(a"], "goal": "P(a)"},
        {"id": "notation", "notation": "nothing", "goal": "P(a)"},
        {"id": "deep", "goal": "(" * 9000 + "P(a)" + ")" * 9000},
        {"id": "not", "goal": "-" * 30000 + "P(a)"},
    ]
    text = "\n".join(map(json.dumps, records))
    done = neurosym("prove", "-", "--json", "--recheck", stdin=text)
    found = {r["id"]: r for r in lines(done.stdout)}
    assert done.returncode == 1
    assert list(found) == [r["id"] for r in records]
    assert {k: r["outcome"] for k, r in found.items()} == {
        "p": "proved",
        "r": "refuted",
        "i": "independent",
        "c": "inconsistent",
        "same": "proved",
        "ill": "ill_formed",
        "notation": "ill_formed",
        "deep": "ill_formed",
        "not": "ill_formed",
    }
    assert found["ill"]["messages"][0]["line"] == 1
    assert found["ill"]["messages"][0]["column"] >= 4
    assert found["notation"]["messages"][0]["line"] == 7
    assert all(found[k]["recheck"]["ok"] for k in ("p", "r", "i", "c", "same"))
    wanted = {
        "id",
        "outcome",
        "reason",
        "szs",
        "prover",
        "seconds",
        "flags",
        "evidence",
        "messages",
    }
    assert all(wanted <= set(record) for record in found.values())


def test_prove_inline() -> None:
    done = neurosym("prove", "--premise", "P(a)", "--goal", "P(a)", "--notation", "nltk")
    assert done.returncode == 0
    assert "proved" in done.stdout


@pytest.mark.parametrize(
    ("constraint", "status", "outcome", "code"),
    [("(< x 2)", "unsat", "inconsistent", 1), ("(> x 4)", "sat", "satisfiable", 0)],
)
def test_prove_smtlib_file(
    tmp_path: Path, constraint: str, status: str, outcome: str, code: int
) -> None:
    file = tmp_path / "s.smt2"
    file.write_text(
        f"(set-logic QF_LIA)(declare-const x Int)(assert (> x 3))(assert {constraint})(check-sat)"
    )
    done = neurosym("prove", str(file), "--json")
    record = json.loads(done.stdout)
    assert (record["status"], record["outcome"], done.returncode) == (status, outcome, code)


def test_prove_tptp_file(tmp_path: Path) -> None:
    file = tmp_path / "s.p"
    file.write_text(
        "fof(a, axiom, ![X]: (man(X) => mortal(X))).\nfof(b, axiom, man(s)).\n"
        "fof(c, conjecture, mortal(s)).\n"
    )
    done = neurosym("prove", str(file), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["szs"] == "Theorem"
    file.write_text("fof(a, axiom, ![X]: (man(X) => ).")
    done = neurosym("prove", str(file), "--json")
    record = json.loads(done.stdout)
    assert done.returncode == 1
    assert record["outcome"] == "ill_formed"
    assert record["messages"][0]["line"] == 1


# --- translate, doctor, help ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("unicode", "∀x (dog(x) → big(x))"),
        ("nltk", "all x. (dog(x) -> big(x))"),
        ("smtlib", "(forall"),
        ("tptp", "![X]"),
        ("lean", "theorem"),
    ],
)
def test_translate(target: str, expected: str) -> None:
    done = neurosym("translate", "All dogs are big.", "--to", target)
    assert done.returncode == 0
    assert expected.replace(" ", "") in done.stdout.replace(" ", "")


def test_translate_says_what_it_cannot_read() -> None:
    done = neurosym("translate", "-", "--json", stdin="Hardly anybody ever sang.")
    assert json.loads(done.stdout)["sentences"][0]["status"] == "untranslated"


def test_doctor() -> None:
    done = neurosym("doctor", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert found["ready"] is True
    for part in found["parts"]:
        assert bool(part["version"]) != bool(part["install"])
    assert any("scratch folder" in said for said in json.loads(done.stdout)["containment"])
    shown = neurosym("doctor").stdout
    assert "z3" in shown and "scratch folder" in " ".join(shown.split())


@pytest.mark.parametrize("command", ["verify", "prove", "translate", "doctor"])
def test_help_has_an_example(command: str) -> None:
    done = neurosym(command, "--help")
    assert done.returncode == 0
    assert "Example: neurosym" in done.stdout
    assert command in neurosym("--help").stdout


def test_imports_stay_light() -> None:
    code = (
        "import sys, neurosym.cli, neurosym.verify.pipeline, neurosym.translate.answers;"
        "print([m for m in ('sympy', 'z3', 'cvc5', 'math_verify', 'networkx') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment()
    )
    assert done.stdout.strip() == "[]", done.stderr
