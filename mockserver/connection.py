"""cheroot's connections and requests, with limits: in time, in size, in what HTTP leaves open.

Refused here, in HTTP's words: a request that is too slow (408), whose headers are too large or too
many (431), whose length is unclear or untrue (400), whose body is too large (413). A request goes
on only when all of its bytes are there, so nobody waits for a slow client but its own thread.
"""

import _pyio  # what cheroot's own readers are made of
import contextlib
import io
import os
import re
import socket
import ssl
import time
from typing import Any

from cheroot import errors
from cheroot.makefile import StreamReader, StreamWriter
from cheroot.server import ChunkedRFile, HTTPConnection, HTTPRequest

from mockserver.limits import Limits

_DRAIN_BYTES, _DRAIN_SECONDS = 16 * 1024 * 1024, 2.0
"""How much is still read from a client that was refused half-way, so that it gets to read why: a
socket closed with unread bytes is reset, and the answer is lost with it."""

_LENGTH = re.compile(rb"[0-9]{1,12}")


class _TimedSocket(socket.SocketIO):
    """A socket's bytes, up to a deadline: sending one byte at a time does not stretch it."""

    deadline = float("inf")

    def readinto(self, buffer: Any) -> int | None:
        """Reads what is there, waiting until the deadline at the longest."""
        self._wait()
        try:
            return super().readinto(buffer)
        except ssl.SSLError as error:
            if error.reason == "HTTP_REQUEST":
                raise errors.NoSSLError from error
            raise errors.FatalSSLAlert from error

    def write(self, data: Any) -> int | None:
        """Writes what can be taken, waiting until the deadline at the longest."""
        self._wait()
        return super().write(data)

    def _wait(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(min(left, 3600.0))  # type: ignore[attr-defined]  # SocketIO's own


class _Reader(StreamReader):  # type: ignore[misc]  # cheroot has no types
    """cheroot's reader, on a timed socket."""

    def __init__(self, timed: _TimedSocket, size: int) -> None:
        _pyio.BufferedReader.__init__(self, timed, size)
        self.bytes_read = 0


class _Writer(StreamWriter):  # type: ignore[misc]  # as above
    """cheroot's writer, on a timed socket, without copying what could not be sent at once."""

    def __init__(self, timed: _TimedSocket, size: int) -> None:
        _pyio.BufferedWriter.__init__(self, timed, size)
        self.bytes_written = 0

    def write(self, data: bytes) -> int:
        """Sends all of it. Nothing is buffered."""
        rest = memoryview(data)
        while rest:
            rest = rest[self.raw.write(rest) or 0 :]
        self.bytes_written += len(data)
        return len(data)


class _Headers(dict[bytes, bytes]):
    """The header lines of a request. Those that say where it ends may be there only once."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, name: bytes, value: bytes) -> None:
        if name in self and name in (b"Content-Length", b"Transfer-Encoding", b"Host"):
            raise ValueError(f"{name.decode('latin-1')} staat er twee keer.")
        super().__setitem__(name, value)
        if len(self) > self._most:
            raise errors.MaxSizeExceeded


class Request(HTTPRequest):  # type: ignore[misc]  # as above
    """A request whose bytes are all there before anybody looks at it."""

    @property
    def _limits(self) -> Limits:
        limits: Limits = self.server.limits
        return limits

    def parse_request(self) -> None:
        """Reads the request line and the headers; `ready` says whether they will do."""
        self.ready = False
        self.inheaders = _Headers(self._limits.headers)
        try:
            super().parse_request()
        except errors.MaxSizeExceeded:
            self._refuse(431, "De headers zijn te groot of te veel.")
        if self.ready and (wrong := self._unclear_length()):
            self.ready = False
            self._refuse(*wrong)

    def _unclear_length(self) -> tuple[int, str] | None:
        """What is wrong with how the request says where it ends (RFC 9112, 6.3), if anything."""
        length = self.inheaders.get(b"Content-Length")
        if length is None:
            return None
        if b"Transfer-Encoding" in self.inheaders:
            return 400, "Content-Length en Transfer-Encoding gaan niet samen."
        if not _LENGTH.fullmatch(length):
            return 400, "Content-Length moet een geheel getal van 0 of meer zijn."
        if int(length) > self._limits.body:
            return 413, f"Een bericht mag hooguit {self._limits.body} bytes groot zijn."
        return None

    def respond(self) -> None:
        """Reads the body, then lets the application answer."""
        try:
            body = self._body()
        except TimeoutError:
            raise  # cheroot answers with 408
        except OSError:
            self._refuse(413, f"Een bericht mag hooguit {self._limits.body} bytes groot zijn.")
            return
        except ValueError:
            self._refuse(
                400, "Het bericht is korter dan aangekondigd, of slecht in stukken verdeeld."
            )
            return
        self.server.reading.discard(self.conn)
        self.rfile = io.BytesIO(body)
        self.conn.wfile.raw.deadline = time.monotonic() + self._limits.write
        self.server.gateway(self).respond()
        if self.ready:
            self.ensure_headers_sent()
        if self.chunked_write:
            self.conn.wfile.write(b"0\r\n\r\n")

    def _body(self) -> bytes:
        """All of the body. Raises ValueError where it is not what was announced, OSError where it
        is too large, TimeoutError where it takes too long."""
        if self.chunked_read:
            reader = ChunkedRFile(self.conn.rfile, self._limits.body)
            chunks: bytes = reader.read()
            for _ in reader.read_trailer_lines():
                pass
            return chunks
        length = int(self.inheaders.get(b"Content-Length", 0))
        body: bytes = self.conn.rfile.read(length) if length else b""
        if len(body) < length:
            raise ValueError
        return body

    def simple_response(self, status: object, msg: str = "") -> None:
        """What cheroot itself refuses; after it nothing of the connection can be trusted."""
        number, _, reason = str(status).partition(" ")
        if number == "413":
            number = "431"  # cheroot's own limit is that of the headers
        self._refuse(int(number), msg or reason)

    def _refuse(self, status: int, text: str) -> None:
        """Answers in HTTP's words and ends the connection."""
        self.close_connection = True
        self.server.refused(status, text)
        body = f"{text}\n".encode()
        head = (
            f"HTTP/1.1 {status} {_REASONS.get(status, 'Bad Request')}\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        self.sent_headers = True
        try:
            self.conn.wfile.raw.deadline = time.monotonic() + _DRAIN_SECONDS
            self.conn.wfile.write(head.encode() + body)
            self.conn.drain()
        except OSError:
            pass  # the client is gone: there is nobody to tell


_REASONS = {
    400: "Bad Request",
    408: "Request Timeout",
    413: "Content Too Large",
    414: "URI Too Long",
    431: "Request Header Fields Too Large",
    501: "Not Implemented",
    505: "HTTP Version Not Supported",
}


class Connection(HTTPConnection):  # type: ignore[misc]  # as above
    """A connection whose every request has a deadline."""

    RequestHandlerClass = Request

    def __init__(self, server: Any, sock: Any, makefile: Any = None) -> None:
        super().__init__(server, sock, self._makefile)

    @staticmethod
    def _makefile(sock: Any, mode: str, size: int) -> Any:
        """A reader or a writer on the socket, which may be one of TLS."""
        if "r" in mode:
            return _Reader(_TimedSocket(sock, "rb"), size)
        return _Writer(_TimedSocket(sock, "wb"), size)

    def communicate(self) -> bool:
        """Reads a request and answers it. Gives whether the connection stays open."""
        self.rfile.raw.deadline = time.monotonic() + self.server.limits.read
        self.wfile.raw.deadline = float("inf")
        self.server.reading.add(self)
        try:
            stays: bool = super().communicate()
        finally:
            self.server.reading.discard(self)
        return stays

    def let_go(self) -> None:
        """Ends the reading: the server stops, and what is not there by now does not come."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RD)

    def _handle_no_ssl(self, req: Any) -> None:
        """Tells a client that speaks plain HTTP where TLS is spoken, in plain HTTP."""
        with socket.socket(fileno=os.dup(self.socket.fileno())) as plain:
            text = b"Deze poort spreekt alleen HTTPS; begin het adres met https://.\n"
            head = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
            plain.settimeout(_DRAIN_SECONDS)
            with contextlib.suppress(OSError):
                plain.sendall(head % len(text) + text)

    def _close_kernel_socket(self) -> None:
        """Ends the connection. In cheroot an error here ends the whole server."""
        with contextlib.suppress(OSError):
            super()._close_kernel_socket()

    def drain(self) -> None:
        """Reads on for a moment from a client that was refused, so that it can read why."""
        self.socket.shutdown(socket.SHUT_WR)
        self.rfile.raw.deadline = time.monotonic() + _DRAIN_SECONDS
        left = _DRAIN_BYTES
        while left > 0 and (found := len(self.rfile.raw.read(65536) or b"")):
            left -= found
