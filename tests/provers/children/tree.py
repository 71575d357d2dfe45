"""Starts a grandchild, prints its process id, and hangs with it."""

from __future__ import annotations

import subprocess
import sys
import time

if __name__ == "__main__":
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    print(sleeper.pid, flush=True)
    time.sleep(60)
