"""What can go wrong in an import, by whose turn it is to do something about it."""


class ImportFailed(Exception):
    """An import that could not go on. Its text is one line: what happened, and what to do.

    What was stored before it stays stored (H14); the next import goes on from there (H15).
    """

    kind = "failed"


class SettingsError(ImportFailed):
    """A setting that can't be right; nothing was sent."""

    kind = "settings"


class Refused(ImportFailed):
    """The service says no: asking again unchanged is useless. `code` is the fault's."""

    kind = "refused"

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Unavailable(ImportFailed):
    """The service can't be reached, or not now: the same import may work later."""

    kind = "unavailable"


class Unreadable(ImportFailed):
    """The answer is not one of the contract: it is never taken for an empty batch."""

    kind = "unreadable"


class DumpError(ImportFailed):
    """What is stored could not be written down; it is stored all the same."""

    kind = "dump"


class Interrupted(ImportFailed):
    """The user ended the import; what was stored stays stored."""

    kind = "interrupted"


class StoreError(ImportFailed):
    """The database of the school can't be used."""

    kind = "store"
