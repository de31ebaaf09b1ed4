"""What the server's commands share: scenarios and databases."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.errors import LocalError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from mockserver.scenario import Scenario


def find_scenarios(names: Sequence[str]) -> list["Scenario"]:
    """The scenarios with these names, each once."""
    from mockserver.scenario import find

    return [find(name) for name in dict.fromkeys(names)]


def data_folder() -> Path:
    """Where this user's data stands."""
    from platformdirs import user_data_path

    return user_data_path("resultatenkoppeling", appauthor=False)


def open_database(db: str | None) -> "Engine":
    """The database at a path or an SQLAlchemy URL; None: in the user's data folder."""
    from mockserver.database import connect

    url = db or str(data_folder() / "server.sqlite")
    if "://" not in url:
        path = Path(url).absolute()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LocalError(
                f"database {path}: its folder can't be made: {error.strerror}; give another with "
                "--db"
            ) from None
        url = f"sqlite:///{path}"
    return connect(url)
