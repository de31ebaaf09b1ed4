"""TLS: a local authority and a certificate, made once; or the user's own certificate.

The authority's private key stays in the user's data folder. Clients trust `ca.pem`; it vouches for
this mock server only.
"""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme
from cheroot.ssl import Adapter

from mockserver.errors import LocalError

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
_OWNER_ONLY = 0o600


class TlsError(LocalError):
    """A certificate that can't be used. Its text is one line for the user."""


@dataclass(frozen=True, slots=True)
class Tls:
    """A certificate with its key, and the authority to trust (None: the user's own certificate)."""

    context: ssl.SSLContext
    ca: Path | None


def local(folder: Path, names: Sequence[str]) -> Tls:
    """A certificate for this machine and for `names`, from a local authority kept in `folder`.

    The authority is made once, so that what trusts it goes on trusting it. Raises TlsError.
    """
    ca_file, key_file = folder / "ca.pem", folder / "ca-key.pem"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (ca_file.exists() and key_file.exists()):
            made = trustme.CA(organization_name="resultatenkoppeling (local test authority)")
            made.private_key_pem.write_to_path(_private(key_file))
            made.cert_pem.write_to_path(ca_file)
        authority = trustme.CA.from_pem(ca_file.read_bytes(), key_file.read_bytes())
        issued = authority.issue_cert(*LOCAL_NAMES, *names)
        server_file = _private(folder / "server.pem")
        issued.private_key_and_cert_chain_pem.write_to_path(server_file)
    except (OSError, ValueError) as error:
        raise TlsError(f"TLS folder {folder}: {error}; remove it to start anew") from None
    return Tls(_context(server_file, None), ca_file)


def own(certificate: Path, key: Path | None) -> Tls:
    """The user's own certificate. key: None where the certificate's file holds it too.

    Raises TlsError.
    """
    return Tls(_context(certificate, key), None)


def _private(path: Path) -> Path:
    """The path, as a file that only its owner may read."""
    path.touch(_OWNER_ONLY)
    path.chmod(_OWNER_ONLY)
    return path


def _context(certificate: Path, key: Path | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TlsError(
            f"certificate {certificate}{f' with key {key}' if key else ''}: {reason}; both must be "
            "PEM files that belong together"
        ) from None
    return context


class TlsAdapter(Adapter):  # type: ignore[misc]  # cheroot has no types
    """Wraps connections for cheroot. The handshake is left to the connection's own thread: a client
    that stalls in it holds up nobody else."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context

    def bind(self, sock: Any) -> Any:
        """The listening socket, as it is."""
        return sock

    def wrap(self, sock: Any) -> tuple[Any, dict[str, str]]:
        """A connection's socket, and what WSGI is told of it."""
        wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return wrapped, self.get_environ()

    def get_environ(self) -> dict[str, str]:
        """What WSGI is told of every connection."""
        return {"wsgi.url_scheme": "https", "HTTPS": "on"}

    def makefile(self, *_: Any) -> Any:
        """Not asked for: our connections make their own."""
        raise NotImplementedError
