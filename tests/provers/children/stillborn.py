"""A worker that cannot start."""

raise SystemExit("no such library")
