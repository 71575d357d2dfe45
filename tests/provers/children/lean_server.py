"""Speaks the checking server's protocol without Lean: each request says how to behave."""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    time.sleep(0.6)  # longer than one look at it: what is sent meanwhile must not be lost
    known = {"Init"}
    while line := sys.stdin.readline():
        request = json.loads(line)
        behave, token = request.get("code", ""), request["token"]
        body: dict[str, object] = {"messages": [], "errors": False, "echo": behave}
        if request["op"] == "import":
            body = {"version": "4.0.0, fake"}
            if "Nope" in request["modules"]:
                body = {"failure": "unknown module prefix 'Nope'"}
            else:
                known.add(request["header"])
        elif request["header"] not in known:
            body = {"failure": "this header was not imported"}
        elif behave.startswith("endless"):
            while True:
                sys.stdout.write("x" * 1_000_000)
        elif behave == "hang":
            time.sleep(600)
        elif behave == "stack":
            sys.exit("RangeError: Maximum call stack size exceeded")
        elif behave == "memory":
            sys.exit("INTERNAL PANIC: out of memory")
        elif behave == "eat":
            eaten = bytearray(b"x") * (400 * 1024 * 1024)
            time.sleep(600)
            print(len(eaten))
        elif behave == "crash":
            sys.exit("worker sent an error!")
        elif behave == "forge":
            print(f'{"0" * 32} {{"body": {{"tag": "proof"}}, "milliseconds": 1}}', flush=True)
        elif behave == "noise":
            print("x" * 100, "\n" * 50, flush=True)
        elif behave == "flood":
            while True:
                print("x" * 1_000_000)
        elif behave == "nonsense":
            print(f"\n{token} [1, 2", flush=True)
            continue
        elif behave == "confused":
            body = {"failure": "unknown request"}
        if behave == "program":
            body["ran"] = True
        answer = {"body": body, "milliseconds": 7}
        print(f"\n{token} {json.dumps(answer)}", flush=True)


if __name__ == "__main__":
    main()
