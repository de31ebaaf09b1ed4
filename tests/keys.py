"""Every SOAP-key that the suite uses, to be looked for where none may stand."""

from mockserver.scenario import find, library

KEYS = frozenset(
    key
    for name in library()
    for school in find(name).schools
    for key in (school.soapkey, school.toa_soapkey)
)


def keys_in(text: str) -> list[str]:
    """The keys that stand whole in a text."""
    return sorted(key for key in KEYS if key in text)
