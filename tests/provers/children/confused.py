"""A worker that speaks the protocol wrongly: what it says is in the request."""

from __future__ import annotations

import json
import sys

sys.stdout.write("{}\n")
sys.stdout.flush()
for line in sys.stdin:
    request = json.loads(line)
    honest = json.dumps({"echo": request.get("value"), "request": request["request"]})
    sys.stdout.write({"echo": honest}.get(request["op"], request.get("say", "")) + "\n")
    if request["op"] == "twice":
        sys.stdout.write(honest + "\n")
    sys.stdout.flush()
