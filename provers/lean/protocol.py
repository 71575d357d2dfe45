"""Messages between commands and the background process: JSON objects behind their length.

Nothing that comes over the socket is trusted to be one: what is too long, is cut off or is no
object is a ``FrameError``.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import time
from typing import Any

MAX_BYTES = 64 * 1024 * 1024
_LENGTH = struct.Struct(">I")
_CHUNK = 1 << 20


class FrameError(Exception):
    """What came is no message, or what should go is too long for one."""


class ClosedError(Exception):
    """The other side has closed the connection, or has ended."""


def frame(message: dict[str, Any]) -> bytes:
    """A message's bytes. Raises FrameError if they are too many."""
    data = json.dumps(message).encode("ascii")
    if len(data) > MAX_BYTES:
        raise FrameError(f"a message of {len(data)} bytes is longer than {MAX_BYTES}")
    return _LENGTH.pack(len(data)) + data


def send(connection: socket.socket, data: bytes, seconds: float) -> None:
    """Send a frame. Raises ClosedError, or TimeoutError if nobody takes it."""
    connection.settimeout(seconds)
    try:
        connection.sendall(data)
    except TimeoutError:
        raise
    except OSError as error:
        raise ClosedError(str(error)) from error


def receive(connection: socket.socket, deadline: float) -> dict[str, Any]:
    """The next message, before ``time.monotonic()`` is at the deadline.

    Raises ClosedError, FrameError or TimeoutError.
    """
    (length,) = _LENGTH.unpack(_read(connection, _LENGTH.size, deadline, begun=False))
    if length > MAX_BYTES:
        raise FrameError(f"a message of {length} bytes is announced, and {MAX_BYTES} are allowed")
    data = _read(connection, length, deadline, begun=True)
    try:
        message = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FrameError("what came is not JSON") from error
    if not isinstance(message, dict):
        raise FrameError(f"what came is {type(message).__name__}, not an object")
    return message


def _read(connection: socket.socket, size: int, deadline: float, *, begun: bool) -> bytes:
    data = bytearray()
    while len(data) < size:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        try:
            chunk = connection.recv(min(_CHUNK, size - len(data)))
        except TimeoutError:
            raise
        except OSError as error:
            raise ClosedError(str(error)) from error
        if not chunk:
            if data or begun:
                raise FrameError("the message is cut off")
            raise ClosedError("the connection was closed")
        data += chunk
    return bytes(data)


def peer(connection: socket.socket) -> tuple[int, int] | None:
    """The process and user at the other end, where the system tells; else None."""
    if sys.platform != "linux":
        return None
    credentials = struct.Struct("3i")
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, credentials.size)
    pid, user, _ = credentials.unpack(data)
    return pid, user
