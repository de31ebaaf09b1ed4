"""Scenario files: data, checked on load, with errors that help."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from mockserver.dataset.school import results
from mockserver.scenario import ScenarioError, find, library, load
from mockserver.session import _check_apart

GOOD = """
title = { nl = "t", en = "t" }
why = { nl = "w", en = "w" }
tester = { nl = "d", en = "d" }
clauses = ["H11"]

[[schools]]
name = "School"
instellingscode = "99AA"
soapkey = "jij-key"
toa_soapkey = "toa-key"

[schools.data]
seed = 1
pupils = 30
school_years = ["2024-2025"]

[[imports]]
at = 2025-09-01T08:00:00+02:00
"""


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a scenario file with some text in it replaced."""

    def made(old: str = "", new: str = "") -> Path:
        assert old in GOOD
        path = tmp_path / "mine.toml"
        path.write_text(GOOD.replace(old, new, 1) if old else GOOD)
        return path

    return made


def test_the_projects_own_scenarios_are_there() -> None:
    """The project brings the situations of a first and of later imports."""
    assert set(library()) >= {
        "eerste-import",
        "periodiek",
        "lege-school",
        "toa-key",
        "onbekende-leerlingen",
        "grote-dag",
        "twee-scholen",
    }


@pytest.mark.parametrize("name", library())
def test_a_scenario_keeps_what_it_promises(name: str) -> None:
    """Every scenario loads, uses a fictional code, and has its name from its file."""
    scenario = find(name)
    assert scenario.name == name
    assert all(school.instellingscode.startswith("99") for school in scenario.schools)


def test_all_scenarios_can_be_served_together() -> None:
    """No two scenarios of the project share a code or a key."""
    _check_apart(
        [(each, school) for name in library() for each in [find(name)] for school in each.schools]
    )


def test_the_first_import_is_large() -> None:
    """The first import is three school years, at least 12,000 results, some of unknown pupils."""
    scenario = find("eerste-import")
    (school,) = scenario.schools
    final = int(scenario.imports[0].at.timestamp() * 1000)
    count = sum(each.processed <= final for each in results(school.data, school.instellingscode))
    assert count >= 12_000
    assert len(school.data.school_years) == 3
    assert school.data.unknown > 0


def test_the_big_day_is_larger_than_the_largest_batch() -> None:
    """More results share one moment than any batch can hold."""
    (school,) = find("grote-dag").schools
    moments = [each.processed for each in results(school.data, school.instellingscode)]
    assert max(moments.count(moment) for moment in set(moments)) > 500


def test_a_file_is_found_by_its_path(write: Write) -> None:
    """A path that ends in .toml is read as a scenario of one's own."""
    assert find(str(write())).name == "mine"
    assert find(str(write())).imports[0].at == datetime.fromisoformat("2025-09-01T08:00+02:00")


@pytest.mark.parametrize(
    ("old", "new", "place", "right"),
    [
        ("pupils = 30", "puplis = 30", "schools[1].data.puplis", "did you mean 'pupils'?"),
        ("seed = 1\n", "", "schools[1].data.seed", "missing"),
        ("pupils = 30", "pupils = 0", "schools[1].data.pupils", "greater than or equal to 1"),
        ("pupils = 30", 'pupils = "30"', "schools[1].data.pupils", "valid integer"),
        ("pupils = 30", "pupils = true", "schools[1].data.pupils", "valid integer"),
        ("pupils = 30", 'pupils = "veel"', "schools[1].data.pupils", "valid integer"),
        ("2024-2025", "2024-2026", "schools[1].data.school_years[1]", "after 2024- comes 2025"),
        ("2024-2025", "24/25", "schools[1].data.school_years[1]", "written as 2024-2025"),
        ("+02:00", "", "imports[1].at", "needs its offset"),
        ("99AA", "", "schools[1].instellingscode", "at least 1 character"),
        ("99AA", "9" * 33, "schools[1].instellingscode", "at most 32 characters"),
        ("H11", "H42", "clauses", "H00 to H20"),
        ("toa-key", "jij-key", "schools", "each needs its own"),
        ('{ nl = "t", en = "t" }', '"t"', "title", "must be a table with nl, en"),
        ("[[imports]]\nat", "[x]\nat", "x", "unknown key"),
        ("2025-09-01T08:00:00+02:00", '"2025-09-01"', "imports[1].at", "without quotes"),
        ("2025-09-01T08", "1800-09-01T08", "imports", "must lie between"),
        ("seed = 1", "seed = 1\nunknown = 31", "schools[1].data", "more of them than pupils"),
        ('["2024-2025"]', '["2024-2025", "2024-2025"]', "schools[1].data", "there twice"),
        ("jij-key", "jij\\u0000", "schools[1].soapkey", "control character"),
        (
            "[[imports]]\n",
            '[[imports]]\nrefused = "Client.X"\n',
            "imports",
            "no fault has the code",
        ),
        (
            "seed = 1",
            "seed = 1\ndays = [{ date = 0001-01-01 }]",
            "schools[1].data.days[1].date",
            "2000",
        ),
        ("08:00:00", "27:00:00", "not TOML", "line 19"),
        ("seed = 1", "seed = 1\ndays = [{ date = 2025-02-30 }]", "not TOML", "line 15"),
        ("2025-09-01T08:00:00+02:00", "12", "imports[1].at", "without quotes"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    write: Write, old: str, new: str, place: str, right: str
) -> None:
    """Each mistake is one line that names the file, the place and what would be right."""
    path = write(old, new)
    with pytest.raises(ScenarioError) as raised:
        load(path)
    line = next(line for line in str(raised.value).splitlines() if f"{path}: {place}" in line)
    assert right in line


def test_a_misspelt_key_is_one_mistake(write: Write) -> None:
    """A required key that is misspelt is not also said to be missing."""
    with pytest.raises(ScenarioError) as raised:
        load(write("pupils = 30", "pupil = 30"))
    assert len(str(raised.value).splitlines()) == 1
    assert "did you mean 'pupils'?" in str(raised.value)


def test_a_byte_order_mark_is_passed_over(write: Write) -> None:
    """A file that an editor saved with a byte order mark is read like any other."""
    path = write()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(path).name == "mine"


def test_every_mistake_is_named_at_once(write: Write) -> None:
    """A file with two mistakes gets two lines."""
    path = write("seed = 1\npupils = 30", "seed = -1\npupils = -1")
    with pytest.raises(ScenarioError) as raised:
        load(path)
    assert len(str(raised.value).splitlines()) == 2


def test_moments_must_be_in_order(write: Write) -> None:
    """A clock does not run back: imports are listed by rising moment."""
    second = "[[imports]]\nat = 2025-08-01T08:00:00+02:00\n"
    path = write()
    path.write_text(GOOD + second)
    with pytest.raises(ScenarioError, match="put them in order"):
        load(path)


def test_an_unknown_name_is_helped(tmp_path: Path) -> None:
    """A misspelt name gets the nearest one, a missing file its path."""
    with pytest.raises(ScenarioError, match="did you mean 'periodiek'"):
        find("periodieq")
    with pytest.raises(ScenarioError, match="can't be read"):
        find(str(tmp_path / "none.toml"))
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'title = "\xe9"')
    with pytest.raises(ScenarioError, match="not UTF-8"):
        find(str(latin))


def test_schools_that_cant_be_told_apart_are_refused(write: Write) -> None:
    """Two schools with one code or one key are not served together."""
    mine = load(write())
    other = mine.model_copy(update={"name": "other"})
    with pytest.raises(ScenarioError, match="mine, other: schools that share a instellingscode"):
        _check_apart([(mine, mine.schools[0]), (other, other.schools[0])])
