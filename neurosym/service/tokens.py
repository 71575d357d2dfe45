"""Tokens: who may ask. Their secrets are shown once; the database has only hashes of them."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from neurosym.runs.database import durably, reader, said
from neurosym.runs.tables import tokens
from neurosym.settings import Settings
from provers.errors import InputError

PREFIX: Final = "neurosym_"  # so that people and scanners see what was left lying about
MOST_CHARACTERS: Final = 200
DAY: Final = 86_400.0
_BYTES: Final = 32
_LONGEST_DAYS: Final = 36_500.0


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; times are seconds since 1970."""

    id: str
    name: str
    created: float
    expires: float | None
    revoked: float | None

    def valid(self, now: float) -> bool:
        """Whether it may be used."""
        return self.revoked is None and (self.expires is None or now < self.expires)


class Tokens:
    """The tokens of a database; thread-safe.

    Every method raises BrokenToolError where the database does not answer or is damaged.
    """

    def __init__(self, engine: sa.Engine) -> None:
        """``engine``: from ``open_database``, or a store's; it stays the caller's."""
        self._engine = durably(engine)
        self._reader = reader(engine)

    def create(self, name: str, days: float | None = None) -> tuple[Token, str]:
        """A new token and its secret, which nobody can see again; it ends after ``days``.

        Raises InputError for a name that cannot be shown, or days that are not.
        """
        name = name.strip()
        if not name.isprintable() or len(name) > MOST_CHARACTERS:
            raise InputError(
                f"the token's name must be at most {MOST_CHARACTERS} characters that can be seen."
            )
        if days is not None and not 0 < days <= _LONGEST_DAYS:
            raise InputError(f"a token is valid for 0 to {_LONGEST_DAYS:,.0f} days.")
        now = time.time()
        expires = None if days is None else now + days * DAY
        token = Token(secrets.token_hex(6), name, now, expires, None)
        # 256 random bits: nobody guesses them, so their hash needs neither salt nor slowness.
        secret = PREFIX + secrets.token_urlsafe(_BYTES)
        row = {
            "id": token.id,
            "name": name,
            "digest": digest(secret),
            "created": now,
            "expires": expires,
        }
        with said(self._engine.url), self._engine.begin() as connection:
            connection.execute(sa.insert(tokens).values(row))
        return token, secret

    def all(self) -> list[Token]:
        """Every token, the newest last, those that are not valid any more too."""
        chosen = sa.select(tokens).order_by(tokens.c.created, tokens.c.id)
        with said(self._engine.url), self._reader.connect() as connection:
            return [_token(row) for row in connection.execute(chosen)]

    def valid(self) -> dict[str, Token]:
        """The tokens that may be used now, by the hash of their secret."""
        with said(self._engine.url), self._reader.connect() as connection:
            rows = connection.execute(sa.select(tokens).where(tokens.c.revoked.is_(None))).all()
        found = ((row.digest, _token(row)) for row in rows)
        now = time.time()
        return {digest: token for digest, token in found if token.valid(now)}

    def revoke(self, id: str) -> Token:
        """Make the token of that id of no use, if it is not already.

        Raises InputError where there is none.
        """
        chosen = tokens.c.id == id
        revoked = sa.update(tokens).where(chosen & tokens.c.revoked.is_(None))
        with said(self._engine.url), self._engine.begin() as connection:
            connection.execute(revoked.values(revoked=time.time()))
            row = connection.execute(sa.select(tokens).where(chosen)).first()
        if row is None:
            raise InputError(f"there is no token {id[:32]!r}; see 'neurosym token list'.")
        return _token(row)


def digest(secret: str) -> str:
    """What is stored of a secret. Half of a surrogate pair, which no token has, is replaced."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def require_safe(settings: Settings, tokens: Tokens) -> None:
    """Raise InputError where the settings would let strangers in, or nobody at all.

    BrokenToolError where the database does not answer.
    """
    if not settings.loopback and settings.auth == "off":
        raise InputError(
            f"other machines can reach {settings.host}, so requests must carry a token: leave out "
            "--auth off, or listen on 127.0.0.1."
        )
    if settings.needs_token and not tokens.valid():
        raise InputError(
            "requests must carry a token, and there is none yet: make one with "
            "'neurosym token create', or listen on 127.0.0.1 without."
        )


def _token(row: sa.Row[Any]) -> Token:
    return Token(row.id, row.name, row.created, row.expires, row.revoked)
