"""Messages between grader and worker: a length-prefixed JSON header, then raw bytes.

Nothing is ever unpickled. The grader reads with limits on every length and with a watch that may
give up at any moment; what does not fit is a :class:`ViolationError`, and a worker that commits one is
killed.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any

PREFIX = struct.Struct(">II")  # bytes of the header, bytes of the body
MAX_HEADER = 8 * 2**20
MAX_BODY = 64 * 2**20
TICK = 0.05  # seconds between two looks of the watch

Header = dict[str, Any]
Buffer = bytes | memoryview


class ViolationError(Exception):
    """The other side has sent what no honest one sends."""


class TooLongError(ValueError):
    """A message is too long to be sent."""


class ClosedError(Exception):
    """The other side is gone."""


class Channel:
    """One end of a stream socket.

    Parameters
    ----------
    sock : socket.socket
    watch : callable, optional
        Called every :data:`TICK`, however busy the line, with the seconds that were spent waiting
        in vain since the last call; what it raises ends the conversation.
    """

    def __init__(self, sock: socket.socket, watch: Callable[[float], None] | None = None) -> None:
        self._socket = sock
        self._watch = watch
        self._looked = self._waited = 0.0
        self._broken = False
        sock.settimeout(TICK if watch else None)

    def send(self, header: Header, buffers: Sequence[Buffer] = ()) -> None:
        """Send a message.

        Raises
        ------
        ClosedError
            If nobody is there to receive it.
        TooLongError
        """
        text = json.dumps(header).encode()
        size = sum(len(buffer) for buffer in buffers)
        if len(text) > MAX_HEADER or size > MAX_BODY:
            raise TooLongError(f"too long: {len(text) + size:,} bytes")
        self._send_all(b"".join([PREFIX.pack(len(text), size), text, *buffers]))

    def receive(self) -> tuple[Header, memoryview]:
        """Wait for a message and return its header and its body.

        Raises
        ------
        ClosedError, ViolationError
        """
        if self._broken:
            raise ViolationError("a message that broke off")
        first = self._receive_exactly(1, begun=False)
        self._broken = True  # until all of it is there; the watch may end the waiting before
        header_size, body_size = PREFIX.unpack(
            bytes(first) + self._receive_exactly(PREFIX.size - 1)
        )
        if header_size > MAX_HEADER or body_size > MAX_BODY:
            raise ViolationError(f"a message of {header_size + body_size:,} bytes")
        text, body = self._receive_exactly(header_size), self._receive_exactly(body_size)
        self._broken = False
        try:
            header = json.loads(bytes(text))
        except (ValueError, RecursionError) as error:
            raise ViolationError("a message that is not JSON") from error
        if not isinstance(header, dict):
            raise ViolationError("a message without fields")
        return header, body

    def is_quiet(self) -> bool:
        """Tell whether nothing has come in that nobody asked for."""
        self._socket.setblocking(False)
        try:
            return not self._socket.recv(1, socket.MSG_PEEK)  # b"" is the end of the stream
        except BlockingIOError:
            return True
        except OSError:
            return True
        finally:
            self._socket.settimeout(TICK if self._watch else None)

    def close(self) -> None:
        """Close this end."""
        self._socket.close()

    def _send_all(self, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            began = time.monotonic()
            try:
                rest = rest[self._socket.send(rest) :]
            except TimeoutError:
                self._waited += time.monotonic() - began
            except OSError as error:
                raise ClosedError from error
            self._look()

    def _receive_exactly(self, size: int, begun: bool = True) -> memoryview:
        """Receive so many bytes; a message that has begun is expected to go on without a pause."""
        content = bytearray(size)
        rest = memoryview(content)
        while rest:
            self._look()
            began = time.monotonic()
            try:
                count = self._socket.recv_into(rest)
            except TimeoutError:
                self._waited += time.monotonic() - began
                continue
            except OSError as error:
                raise ClosedError from error
            if not count:
                raise ClosedError
            if begun:
                self._waited += time.monotonic() - began
            rest = rest[count:]
        return memoryview(content)

    def _look(self) -> None:
        if self._watch and time.monotonic() - self._looked >= TICK:
            self._watch(self._waited)
            self._waited = 0.0
            self._looked = time.monotonic()
