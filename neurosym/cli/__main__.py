"""``python -m neurosym.cli``: the same as the ``neurosym`` command."""

from neurosym.cli import main

main()
