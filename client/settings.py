"""The three fields of the manual (H03), the known pupils (H10), and where to keep results."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import requests

from client.errors import SettingsError

IMPORT_RIGHT = "Toetsresultaten JIJ! importeren"
"""The LVS right that an import needs (H02, H08). That for TOA has a name of its own."""

MAX_STAMNUMMERS = 10_000
"""How many the contract lets a call have."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STAMNUMMER = re.compile(r"[1-9][0-9]{0,7}")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an import needs to know.

    wsdl: the web service address, that of the WSDL (H05). instellingscode: of the school's own
    JIJ! account (H06), 1..32 characters. soapkey: the school's key for JIJ!, 1..64 characters, sent
    as it is. known: the stamnummers that Magister knows, None: all. send_known: ask the service
    for those pupils only, instead of leaving the others out here. database: an SQLite file.
    rights: the LVS rights of the user in Magister. ca: a PEM file with the authority to trust
    instead of the public ones. Raises SettingsError.
    """

    wsdl: str
    instellingscode: str
    soapkey: str = field(repr=False)
    database: Path
    known: frozenset[str] | None = None
    send_known: bool = False
    rights: frozenset[str] = frozenset({IMPORT_RIGHT})
    ca: Path | None = None

    def __post_init__(self) -> None:
        if IMPORT_RIGHT not in self.rights:
            raise SettingsError(
                f"this user lacks the LVS right '{IMPORT_RIGHT}' and can't import; have it ticked "
                "in Magister's authorisation screen (a right for TOA is another one)"
            )
        if not _is_address(self.wsdl):
            raise SettingsError(
                f"web service address {self.wsdl[:100]!r}: must start with http:// or https:// and "
                "a host, as in http://127.0.0.1:8080/api/v3/results/doclit?wsdl"
            )
        if self.send_known and not 1 <= len(self.known or ()) <= MAX_STAMNUMMERS:
            raise SettingsError(
                f"stamnummers: between 1 and {MAX_STAMNUMMERS} can be sent along, these are "
                f"{len(self.known or ())}; without --send-stamnummers there is no limit"
            )
        if self.ca is not None and not self.ca.is_file():
            raise SettingsError(f"authority {self.ca}: no such file; give a PEM file")
        _check("instellingscode", self.instellingscode, 32)
        _check("SOAP-key", self.soapkey, 64)


def _is_address(text: str) -> bool:
    """Whether a text is an address that can be called."""
    try:
        address = requests.Request("GET", text).prepare().url or ""
        return address.startswith(("http://", "https://"))
    except (requests.RequestException, ValueError):
        return False


def _check(what: str, value: str, most: int) -> None:
    """Refuses a field that is empty, too long, or holds what XML can't."""
    if not 1 <= len(value) <= most:
        raise SettingsError(f"{what}: must be 1 to {most} characters long, this is {len(value)}")
    if _NOT_XML.search(value):
        raise SettingsError(f"{what}: holds a character that can't be sent (a control character)")


def read_stamnummers(path: Path) -> frozenset[str]:
    """The stamnummers in a text file, one a line; blank lines are passed over.

    Raises SettingsError.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise SettingsError(f"stamnummers {path}: can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"stamnummers {path}: not a text file in UTF-8") from None
    for number, line in enumerate(lines, 1):
        if line.strip() and not _STAMNUMMER.fullmatch(line.strip()):
            raise SettingsError(
                f"stamnummers {path}, line {number}: {line.strip()[:40]!r} is not a stamnummer; "
                "that is 1 to 8 digits, the first not 0"
            )
    return frozenset(line.strip() for line in lines if line.strip())
