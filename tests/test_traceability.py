"""From clause to rule and back: nothing of the manual is forgotten, nothing is made up."""

from pathlib import Path
from typing import Any

import pytest
from gherkin.parser import Parser

from mockserver.clauses import Clause, clauses
from mockserver.scenario import find, library

FEATURES = sorted((Path(__file__).parents[1] / "features").glob("*.feature"))


def rules() -> list[tuple[str, str, int]]:
    """Every rule in the feature files: its tags, its name, how many examples it has."""
    found = []
    for path in FEATURES:
        document: Any = Parser().parse(path.read_text("utf-8"))
        assert document["feature"]["language"] == "nl"
        for child in document["feature"]["children"]:
            rule = child["rule"]  # a scenario outside a rule has none, and fails here
            tags = " ".join(tag["name"] for tag in rule["tags"])
            examples = sum("scenario" in each for each in rule["children"])
            found.append((tags, rule["name"], examples))
    return found


@pytest.mark.parametrize("clause", clauses().values(), ids=lambda clause: clause.id)
def test_every_clause_has_its_rule_or_a_reason(clause: Clause) -> None:
    """A clause of the manual is shown by exactly one rule with examples, or says why by none."""
    examples = [count for tags, _, count in rules() if tags == f"@{clause.id}"]
    if clause.unfeatured:
        assert examples == [], "it has a rule by now: drop the reason from clauses.toml"
    else:
        assert len(examples) == 1
        assert examples[0] >= 1


def test_every_rule_has_a_clause() -> None:
    """A rule is tagged with the id of a clause that the manual has."""
    assert {tags for tags, _, _ in rules()} <= {f"@{name}" for name in clauses()}


def test_the_clauses_of_the_main_job_have_rules() -> None:
    """The clauses about setting up, importing and fetching now and then are all shown."""
    wanted = {f"H{number:02}" for number in [*range(3, 12), *range(16, 21)]}
    assert wanted <= {tags.removeprefix("@") for tags, _, _ in rules()}


def test_the_manual_has_clauses_h00_to_h20() -> None:
    """The catalogue holds every clause once, in the manual's order."""
    assert list(clauses()) == [f"H{number:02}" for number in range(21)]


def test_every_scenario_names_clauses_that_bind() -> None:
    """A scenario says which clauses of the manual it is about."""
    for name in library():
        assert set(find(name).clauses) <= set(clauses())
