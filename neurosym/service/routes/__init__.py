"""The operations, a router for each kind."""
