"""The commands and their options; each one's work is in its own module, imported when called."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from neurosym.cli import augment, batch, premises, project_more, train
from neurosym.cli.modelling import ModelOptions
from neurosym.cli.searching import SearchOptions

app = typer.Typer(
    name="neurosym",
    help="Verify reasoning step by step, with evidence that anyone can check again.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

setup = typer.Typer(help="Get what some provers need, once.", no_args_is_help=True)
app.add_typer(setup, name="setup")

background = typer.Typer(
    help="The background process that keeps Lean warm between commands.", no_args_is_help=True
)
app.add_typer(background, name="daemon")

app.add_typer(batch.app, name="batch")
app.add_typer(premises.app, name="premises")
app.add_typer(project_more.app, name="project")
app.add_typer(augment.app, name="augment")
app.add_typer(train.app, name="train")
app.command("loop")(train.loop)

tokens = typer.Typer(help="Who may ask the service.", no_args_is_help=True)
app.add_typer(tokens, name="token")


class Certify(StrEnum):
    """When what a prover decided is proved in Lean too."""

    AUTO = "auto"
    LEAN = "lean"
    NO = "no"


class Notation(StrEnum):
    """How formulas are written."""

    AUTO = "auto"
    NLTK = "nltk"
    UNICODE = "unicode"
    TPTP = "tptp"


class Target(StrEnum):
    """What ``translate`` writes."""

    NLTK = "nltk"
    UNICODE = "unicode"
    TPTP = "tptp"
    SMTLIB = "smtlib"
    LEAN = "lean"


class Language(StrEnum):
    """What problems are written in."""

    FOL = "fol"
    SMTLIB = "smtlib"
    TPTP = "tptp"
    LEAN4 = "lean4"


class World(StrEnum):
    """What is true of things that the premises do not mention."""

    OPEN = "open"
    CLOSED = "closed"
    FORWARD = "forward"


class Translator(StrEnum):
    """Who reads English."""

    RULES = "rules"
    MODEL = "model"


class Way(StrEnum):
    """How a proof of a bare Lean statement is looked for."""

    PORTFOLIO = "portfolio"
    WHOLE = "whole"
    BEST_FIRST = "best-first"


class Shown(StrEnum):
    """Extra columns for people."""

    FORMAL = "formal"


ProverName = Annotated[
    str, typer.Option("--prover", help="z3, cvc5, eprover, vampire, lean or portfolio.")
]
Timeout = Annotated[
    float, typer.Option("--timeout", min=0.01, max=86400, help="Seconds for each question.")
]
Memory = Annotated[
    int, typer.Option("--memory", min=256, help="Megabytes for each prover process.")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON on standard output, and nothing else.")
]
Recheck = Annotated[
    bool, typer.Option("--recheck", help="Check the evidence of every answer again.")
]
TranslatorName = Annotated[
    Translator,
    typer.Option("--translator", help="Rules alone, or a model for what rules cannot read."),
]
ModelName = Annotated[
    str,
    typer.Option(
        "--model",
        help="default, a .gguf file, a model folder, http://HOST/v1#MODEL, vllm:NAME, "
        "transformers:NAME or a .jsonl recording.",
    ),
]
Samples = Annotated[
    int, typer.Option("--samples", min=1, max=100, help="Translations drawn for each sentence.")
]
Rounds = Annotated[
    int, typer.Option("--rounds", min=0, max=10, help="How often a complaint goes back.")
]
Temperature = Annotated[
    float, typer.Option("--temperature", min=0.0, max=2.0, help="Of samples after the first.")
]
Seed = Annotated[int, typer.Option("--seed", help="Of the samples that are drawn.")]
ServerUrl = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="URL",
        help="Let a neurosym service do it; its token comes from NEUROSYM_TOKEN.",
    ),
]
RecordTo = Annotated[
    str | None, typer.Option("--record", help="Keep the model's answers in this file, for replay.")
]


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> int | None:
    if version:
        from neurosym import __version__

        typer.echo(f"neurosym {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())
    return None


@app.command()
def verify(
    file: Annotated[
        str | None, typer.Argument(help="Text, .json or .jsonl; - reads standard input.")
    ] = None,
    example: Annotated[
        str | None, typer.Option("--example", help="Verify an example of the package.")
    ] = None,
    list_examples: Annotated[
        bool, typer.Option("--list-examples", help="List the examples of the package.")
    ] = False,
    as_json: AsJson = False,
    show: Annotated[
        Shown | None, typer.Option("--show", help="Show each step's formal statement too.")
    ] = None,
    prover: ProverName = "portfolio",
    timeout: Timeout = 10.0,
    memory: Memory = 2048,
    world: Annotated[
        World | None,
        typer.Option(
            "--world",
            help="Open; closed: what is not known is false; forward: rules only make new facts.",
        ),
    ] = None,
    recheck: Recheck = False,
    certify: Annotated[
        Certify,
        typer.Option(
            "--certify",
            help="Prove in Lean what another prover decided: if Lean is there and at once; "
            "always, waiting for it; or never.",
        ),
    ] = Certify.AUTO,
    daemon: Annotated[
        bool, typer.Option("--daemon/--no-daemon", help="Use and keep a Lean in the background.")
    ] = True,
    translator: TranslatorName = Translator.RULES,
    model: ModelName = "default",
    samples: Samples = 3,
    rounds: Rounds = 2,
    temperature: Temperature = 0.7,
    seed: Seed = 0,
    merge: Annotated[
        bool, typer.Option("--merge/--no-merge", help="Let the model say which names are one word.")
    ] = True,
    infer: Annotated[
        bool,
        typer.Option("--infer", help="Ask the model which premise an independent step leaves out."),
    ] = False,
    ask_model: Annotated[
        bool,
        typer.Option("--ask-model", help="Ask the model if text and formula agree; only reported."),
    ] = False,
    guess: Annotated[
        bool,
        typer.Option(
            "--guess", help="Ask the model about steps that no prover decides; only reported."
        ),
    ] = False,
    check_question: Annotated[
        bool, typer.Option("--check-question", help="Check that the question is well posed.")
    ] = False,
    record: RecordTo = None,
    server: ServerUrl = None,
) -> int:
    """Verify reasoning step by step.

    The input is plain text (a question, a blank line, then the reasoning), one JSON record, or
    JSON Lines with a record on each line.

    Example: neurosym verify --example wrong-step
    """
    from neurosym.cli import verify as command

    if list_examples:
        return command.list_examples(as_json)
    return command.run(
        command.Options(
            file=file,
            example=example,
            as_json=as_json,
            show_formal=show is Shown.FORMAL,
            prover=prover,
            seconds=timeout,
            megabytes=memory,
            world=None if world is None else world.value,
            recheck=recheck,
            certify=certify.value,
            daemon=daemon,
            modelling=ModelOptions(
                model, samples, rounds, temperature, seed, merge, infer, ask_model, guess, record
            )
            if translator is Translator.MODEL
            else None,
            check_question=check_question,
            server=server,
        )
    )


@app.command()
def prove(
    file: Annotated[
        str | None,
        typer.Argument(
            help="JSON Lines, .p, .tptp, .smt2, .lean, or a folder of .lean files; "
            "- reads standard input."
        ),
    ] = None,
    premise: Annotated[
        list[str] | None, typer.Option("--premise", help="A premise; may be given many times.")
    ] = None,
    goal: Annotated[str | None, typer.Option("--goal", help="What should follow.")] = None,
    notation: Annotated[
        Notation, typer.Option("--notation", help="How --premise and --goal are written.")
    ] = Notation.AUTO,
    language: Annotated[
        Language | None,
        typer.Option("--language", help="What the input, or a record that does not say, is in."),
    ] = None,
    as_json: AsJson = False,
    prover: ProverName = "portfolio",
    timeout: Timeout = 10.0,
    memory: Memory = 2048,
    recheck: Recheck = False,
    daemon: Annotated[
        bool, typer.Option("--daemon/--no-daemon", help="Use and keep a Lean in the background.")
    ] = True,
    select: Annotated[
        bool,
        typer.Option(
            "--select/--no-select", help="Try many premises in selections that fit the goal first."
        ),
    ] = True,
    corpus: Annotated[
        str | None,
        typer.Option(
            "--corpus",
            metavar="FOLDER",
            help="Premises for Lean, or none; default: the user's (neurosym premises), if there "
            "is one.",
        ),
    ] = None,
    search: Annotated[
        Way,
        typer.Option(
            "--search",
            help="How a Lean statement without a proof is proved: by core tactics, or by a model "
            "that writes whole proofs or suggests each tactic. Give a model time: --timeout 120.",
        ),
    ] = Way.PORTFOLIO,
    model: ModelName = "default",
    samples: Annotated[
        int,
        typer.Option("--samples", min=1, max=1000, help="Proofs drawn, or tactics for each state."),
    ] = 4,
    rounds: Rounds = 2,
    temperature: Annotated[
        float, typer.Option("--temperature", min=0.0, max=2.0, help="Of what the model draws.")
    ] = 0.7,
    seed: Seed = 0,
    tokens: Annotated[
        int | None,
        typer.Option("--tokens", min=1, help="Tokens that a model may write for each statement."),
    ] = None,
    record: RecordTo = None,
    server: ServerUrl = None,
) -> int:
    """Prove formal statements.

    Example: neurosym prove --premise 'all x. (Dog(x) -> Animal(x))' --premise 'Dog(rex)'
    --goal 'Animal(rex)'
    """
    from neurosym.cli import prove as command

    return command.run(
        command.Options(
            file=file,
            premises=tuple(premise or ()),
            goal=goal,
            notation=notation.value,
            as_json=as_json,
            prover=prover,
            seconds=timeout,
            megabytes=memory,
            recheck=recheck,
            language=None if language is None else language.value,
            daemon=daemon,
            server=server,
            select=select,
            corpus=corpus,
            search=None
            if search is Way.PORTFOLIO
            else SearchOptions(
                "whole" if search is Way.WHOLE else "best-first",
                model,
                samples,
                rounds,
                temperature,
                seed,
                tokens,
                record,
            ),
        )
    )


@app.command()
def translate(
    text: Annotated[str, typer.Argument(help="English or arithmetic; - reads standard input.")],
    to: Annotated[Target, typer.Option("--to", help="The notation to write.")] = Target.UNICODE,
    as_json: AsJson = False,
    translator: TranslatorName = Translator.RULES,
    model: ModelName = "default",
    samples: Samples = 3,
    rounds: Rounds = 2,
    temperature: Temperature = 0.7,
    seed: Seed = 0,
    record: RecordTo = None,
    server: ServerUrl = None,
) -> int:
    """Translate text to formal statements.

    With a model, what rules cannot read is translated by it: sentences to logic, a word problem
    as a whole to equations (--to smtlib), a mathematical statement to Lean (--to lean).

    Example: neurosym translate 'All dogs are animals.' --to tptp
    """
    from neurosym.cli import translate as command

    options = ModelOptions(model, samples, rounds, temperature, seed, record=record)
    modelling = options if translator is Translator.MODEL else None
    return command.run(text, to.value, as_json, modelling, server)


@app.command()
def solve(
    text: Annotated[
        str | None,
        typer.Argument(
            help="A question, or a file: text, .json or .jsonl; - reads standard input."
        ),
    ] = None,
    as_json: AsJson = False,
    model: ModelName = "default",
    samples: Annotated[
        int, typer.Option("--samples", min=1, max=100, help="Solutions written for each question.")
    ] = 4,
    temperature: Annotated[
        float, typer.Option("--temperature", min=0.0, max=2.0, help="Of the solutions drawn.")
    ] = 0.7,
    seed: Seed = 0,
    max_tokens: Annotated[
        int, typer.Option("--max-tokens", min=1, max=16384, help="Of each solution.")
    ] = 512,
    max_steps: Annotated[
        int, typer.Option("--max-steps", min=1, max=500, help="Lines of a solution.")
    ] = 40,
    retries: Annotated[
        int, typer.Option("--retries", min=0, max=20, help="New tries at a refuted step.")
    ] = 0,
    early_stop: Annotated[
        bool,
        typer.Option(
            "--early-stop/--no-early-stop", help="End a sample at its first refuted step."
        ),
    ] = True,
    prover: ProverName = "portfolio",
    timeout: Timeout = 10.0,
    memory: Memory = 2048,
    record: RecordTo = None,
) -> int:
    """Answer a question: a model writes solutions, each step is verified as it comes.

    Example: neurosym solve 'Ann has 3 bags of 12 nuts and eats 5. How many are left?'
    """
    from neurosym.cli import solve as command

    return command.run(
        command.Options(
            text=text,
            as_json=as_json,
            model=model,
            samples=samples,
            temperature=temperature,
            seed=seed,
            max_tokens=max_tokens,
            max_steps=max_steps,
            retries=retries,
            early_stop=early_stop,
            prover=prover,
            seconds=timeout,
            megabytes=memory,
            record=record,
        )
    )


@app.command()
def mcp(
    http: Annotated[
        int | None,
        typer.Option(
            "--http",
            min=0,
            max=65535,
            metavar="PORT",
            help="Serve streamable HTTP on this machine at this port (0: any free one).",
        ),
    ] = None,
    database: Annotated[
        str | None, typer.Option("--database", help="URL of the store; default: the user's.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Calls at once; default: the cores.")
    ] = None,
    model: Annotated[
        str, typer.Option("--model", help="Translates what rules cannot read; default: none.")
    ] = "",
) -> int:
    """Serve an agent's tools: verify, prove, translate, premises, check_lean (MCP).

    Over standard input and output, as agents start it, or over HTTP.

    Example: claude mcp add neurosym -- neurosym mcp
    """
    from neurosym.cli import mcp as command

    return command.run(command.Options(http, database, workers, model))


class Auth(StrEnum):
    """Whether requests must carry a token."""

    AUTO = "auto"
    REQUIRED = "required"
    OFF = "off"


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port; 0 is any free one.")
    ] = 8000,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            help="sqlite:///FILE or postgresql+psycopg://...; default: a file of the user's.",
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Requests at once; default: the cores.")
    ] = None,
    queue: Annotated[
        int | None, typer.Option("--queue", min=0, help="Requests that may wait; more get 429.")
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", min=0.01, max=300, help="Seconds for each question to a prover."),
    ] = None,
    budget: Annotated[
        float | None, typer.Option("--budget", min=0.01, max=3600, help="Seconds for each request.")
    ] = None,
    grace: Annotated[
        float | None,
        typer.Option("--grace", min=0, max=3600, help="Seconds that work may go on at the end."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="Translates what rules cannot read; default: none."),
    ] = None,
    auth: Annotated[
        Auth,
        typer.Option("--auth", help="Tokens; auto: needed unless on a loopback address."),
    ] = Auth.AUTO,
    origin: Annotated[
        list[str] | None,
        typer.Option("--origin", help="Pages of this origin may ask (CORS); may be repeated."),
    ] = None,
    access_log: Annotated[
        bool,
        typer.Option("--access-log/--no-access-log", help="A line of JSON for each request."),
    ] = True,
) -> int:
    """Serve verification over HTTP, with a page at /; nothing needs to be configured.

    Example: neurosym serve --port 8000
    """
    from neurosym.cli import serve as command

    return command.run(
        command.Options(
            host=host,
            port=port,
            database=database,
            workers=workers,
            queue=queue,
            timeout=timeout,
            seconds=budget,
            grace=grace,
            model=model,
            auth=auth.value,
            origins=None if origin is None else tuple(origin),
            access_log=access_log,
        )
    )


@app.command()
def doctor(as_json: AsJson = False) -> int:
    """Show which provers and optional parts are there, and how to get the others.

    Example: neurosym doctor
    """
    from neurosym.cli import doctor as command

    return command.run(as_json)


@setup.command("lean")
def setup_lean(
    offline: Annotated[
        bool, typer.Option("--offline", help="Fail rather than download anything.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only examine the Lean that is there.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Find Lean 4, or set up one of our own (a download of 121 MB, once).

    Example: neurosym setup lean
    """
    from neurosym.cli import setup as command

    return command.lean(offline=offline, check=check, as_json=as_json)


@setup.command("model")
def setup_model(
    offline: Annotated[
        bool, typer.Option("--offline", help="Fail rather than download anything.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only examine the model that is there.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Fetch the default language model, Qwen2.5-Coder-1.5B-Instruct (1.1 GB, once).

    Example: neurosym setup model
    """
    from neurosym.cli import setup as command

    return command.model(offline=offline, check=check, as_json=as_json)


@background.command("status")
def daemon_status(as_json: AsJson = False) -> int:
    """Show the background process and its Lean servers; exit status 1 where none runs.

    Example: neurosym daemon status
    """
    from neurosym.cli import daemon as command

    return command.status(as_json)


@background.command("start")
def daemon_start(as_json: AsJson = False) -> int:
    """Start it now; otherwise the first command that needs Lean does.

    Example: neurosym daemon start
    """
    from neurosym.cli import daemon as command

    return command.start(as_json)


@background.command("stop")
def daemon_stop(as_json: AsJson = False) -> int:
    """Stop it, and what it is doing.

    Example: neurosym daemon stop
    """
    from neurosym.cli import daemon as command

    return command.stop(as_json)


TokensDatabase = Annotated[
    str | None,
    typer.Option("--database", help="What 'neurosym serve' is given; default: a file of yours."),
]


@tokens.command("create")
def token_create(
    name: Annotated[str, typer.Option("--name", help="What it is for.")] = "",
    days: Annotated[
        float | None, typer.Option("--days", help="How long it is valid; default: for ever.")
    ] = None,
    database: TokensDatabase = None,
    as_json: AsJson = False,
) -> int:
    """Make a token and print it, this once.

    Example: neurosym token create --name trainer
    """
    from neurosym.cli import token as command

    return command.create(name, days, database, as_json)


@tokens.command("list")
def token_list(database: TokensDatabase = None, as_json: AsJson = False) -> int:
    """Show which tokens there are, but not the tokens themselves.

    Example: neurosym token list
    """
    from neurosym.cli import token as command

    return command.list_all(database, as_json)


@tokens.command("revoke")
def token_revoke(
    id: Annotated[str, typer.Argument(help="As 'neurosym token list' shows it.")],
    database: TokensDatabase = None,
    as_json: AsJson = False,
) -> int:
    """Make a token of no use, within seconds for a service that runs.

    Example: neurosym token revoke 0f8fad5bd9cb
    """
    from neurosym.cli import token as command

    return command.revoke(id, database, as_json)
