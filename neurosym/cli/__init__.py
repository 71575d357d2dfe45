"""The command line: parse, call, print.

Nothing heavy is imported before the command that needs it is known, and ``main`` turns every
error into one sentence and an exit status.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence

OK = 0
FOUND = 1
USAGE = 2
TOOL = 3
INTERRUPTED = 128 + signal.SIGINT
CLOSED_PIPE = 141  # 128 + SIGPIPE, what a shell reports for a writer whose reader has gone


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``neurosym`` and exit with its status."""
    from neurosym.cli.streams import ClosedOutputError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # JSON is UTF-8, whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        status = run(sys.argv[1:] if arguments is None else list(arguments))
        sys.stdout.flush()
    except (ClosedOutputError, BrokenPipeError):
        # Python flushes stdout once more at exit, which must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        complain("the output was closed before everything was written.")
        status = CLOSED_PIPE
    except KeyboardInterrupt:
        complain("interrupted.")
        status = INTERRUPTED
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run ``neurosym`` and return its exit status; errors are one sentence on stderr."""
    import typer

    from neurosym.cli.app import app
    from provers.errors import BrokenToolError, InputError, MissingToolError

    # Typer's own class for wrong usage, wherever its version keeps it.
    kinds = typer.BadParameter.__mro__
    usage = next(k for k in kinds if k.__name__ == "ClickException" and issubclass(k, Exception))
    try:
        status = app(arguments, prog_name="neurosym", standalone_mode=False)
    except usage as error:
        complain(_usage_message(error))
        return USAGE
    except InputError as error:
        complain(str(error))
        return USAGE
    except (MissingToolError, BrokenToolError) as error:
        complain(str(error))
        return TOOL
    except typer.Abort:
        complain("interrupted.")
        return INTERRUPTED
    return status if isinstance(status, int) else OK


def complain(message: str) -> None:
    """One sentence on stderr, on one line."""
    from neurosym.cli.streams import shown

    try:
        sys.stderr.write(f"neurosym: {shown(' '.join(message.split()))}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _usage_message(error: BaseException) -> str:
    message = getattr(error, "format_message", lambda: str(error))()
    return f"{message.rstrip('.')}; see 'neurosym --help'." if message else "see 'neurosym --help'."
