"""What a user of the command can mend, with the exit code that it ends in."""

DIFFERENT, INPUT, LOCAL = 1, 2, 6
"""Stored differs from offered; bad input; a file, a database or a port can't be used."""


class UserError(Exception):
    """Something that the user can mend. Its text is one line, or one a mistake."""

    exit_code = INPUT


class LocalError(UserError):
    """Something on this machine can't be used."""

    exit_code = LOCAL
