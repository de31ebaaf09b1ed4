"""What tests and features share: a database that is made once a run, and servers on free ports."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from mockserver.database import connect
from mockserver.play import Recorder
from mockserver.scenario import Scenario, find
from mockserver.server import Running, serve
from mockserver.session import open_sessions
from tests.keys import keys_in


@dataclass(frozen=True)
class Served:
    """A server that runs for a test, and what it was asked."""

    running: Running
    recorder: Recorder


Serve = Callable[..., Served]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test whose output holds a whole SOAP-key fails, whatever else it proves."""
    report = yield
    for where in ("capstdout", "capstderr", "caplog"):
        output = getattr(report, where)
        for key in keys_in(output):
            before = output[: output.index(key)][-300:]
            report.outcome = "failed"
            report.longrepr = f"a SOAP-key stands in the output of this test ({where}): {before}…"
    return report


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database file in which each scenario's data is made once."""
    made = connect(f"sqlite:///{tmp_path_factory.mktemp('server') / 'server.sqlite'}")
    yield made
    made.dispose()


@pytest.fixture
def serve_scenario(engine: Engine) -> Iterator[Serve]:
    """Starts a real server on a free port, for scenarios by name or as made by the test."""
    with ExitStack() as stack:

        def start(*scenarios: str | Scenario) -> Served:
            recorder = Recorder()
            wanted = [find(each) if isinstance(each, str) else each for each in scenarios]
            running = stack.enter_context(serve(engine, open_sessions(engine, wanted), [recorder]))
            return Served(running, recorder)

        yield start
