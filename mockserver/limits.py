"""How much one caller may ask of the server. Every limit has its name here."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a server. Sizes in bytes, times in seconds.

    body: of a message; one with 10,000 stamnummers takes some 400 kB. headers and header_bytes: how
    many HTTP header lines, and how large together with the request line. tags: angle brackets in a
    message, which bounds its elements, comments and processing instructions. equals_signs: bounds
    its attributes and namespace declarations. depth: how deep elements may be nested. read: for
    the whole request to come in, once the connection is there. write: for the whole answer to be
    taken. threads: how many connections are served at once; a stalled client holds one until `read`
    is over. backlog: how many more may wait to be let in. workers: how many calls are worked on at
    once; more than there are processors only wait for each other.
    """

    body: int = 1024 * 1024
    headers: int = 100
    header_bytes: int = 32 * 1024
    tags: int = 25_000
    equals_signs: int = 1_000
    depth: int = 16
    read: float = 10.0
    write: float = 60.0
    threads: int = 256
    backlog: int = 1024
    workers: int = 4


DEFAULT = Limits()
