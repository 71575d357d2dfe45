"""What all tests share: worker processes find the test children from any folder."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])
)
