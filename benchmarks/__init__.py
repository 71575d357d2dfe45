"""One file per table; nothing imports this package."""
