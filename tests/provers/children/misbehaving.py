"""A worker that does what its requests say, good or bad."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

from provers.workers import serve


def handle(request: dict[str, Any]) -> dict[str, Any]:
    """Answer, fail, hang, die, talk nonsense or eat memory."""
    match request["op"]:
        case "echo":
            return {"echo": request["value"], "pid": os.getpid()}
        case "raise":
            raise ValueError("asked to")
        case "sleep":
            time.sleep(request["seconds"])
            return {"slept": request["seconds"], "pid": os.getpid()}
        case "ignore":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(60)
        case "die":
            sys.stderr.write("last words\n")
            sys.stderr.flush()
            os._exit(3)
        case "garbage":
            sys.stdout.write("this is not JSON\n")
            sys.stdout.flush()
        case "list":
            sys.stdout.write("[1, 2]\n")
            sys.stdout.flush()
        case "memory":
            return {"size": len(bytearray(request["megabytes"] << 20))}
    return {}


if __name__ == "__main__":
    serve(handle)
