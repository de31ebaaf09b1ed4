"""A school that plays a scenario: its keys, its data, its clock."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from mockserver.access import Door
from mockserver.messages import Grant, Secret
from mockserver.scenario import Scenario, ScenarioError, School
from mockserver.schools import settle


class Clock:
    """The time in a session: it stands still until it is set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:  # noqa: D102  # the class says it
        return self.at


@dataclass(frozen=True, slots=True)
class Session:
    """A school of a scenario, ready to be called."""

    scenario: Scenario
    school: School
    grant: Grant
    clock: Clock

    @property
    def door(self) -> Door:
        """What gives access to the school."""
        return Door(self.grant, Secret(self.school.soapkey), Secret(self.school.toa_soapkey))


def open_sessions(
    engine: Engine, scenarios: Iterable[Scenario], now: datetime | None = None
) -> list[Session]:
    """A session for every school of the scenarios; the data is made where it is missing.

    now: where the clocks stand; None: at each scenario's first import. Raises ScenarioError where
    two schools can't be told apart, DatabaseError.
    """
    wanted = [(scenario, school) for scenario in scenarios for school in scenario.schools]
    _check_apart(wanted)
    return [
        Session(
            scenario,
            school,
            settle(engine, scenario, school),
            Clock(now or scenario.imports[0].at),
        )
        for scenario, school in wanted
    ]


def _check_apart(wanted: list[tuple[Scenario, School]]) -> None:
    """Refuses schools that share a code or a key: a call could not tell which is meant."""
    for what, values in (
        ("instellingscode", [school.instellingscode for _, school in wanted]),
        ("SOAP-key", [key for _, school in wanted for key in (school.soapkey, school.toa_soapkey)]),
    ):
        shared = {value for value, count in Counter(values).items() if count > 1}
        names = sorted(
            {
                scenario.name
                for scenario, school in wanted
                if shared & {school.instellingscode, school.soapkey, school.toa_soapkey}
            }
        )
        if shared:
            raise ScenarioError(
                f"{', '.join(names)}: schools that share a {what} can't be served together; "
                "give each its own, or serve them apart"
            )
