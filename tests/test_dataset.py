"""A school made from a seed: the same everywhere, and like a real one."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from mockserver.contract import fields
from mockserver.dataset import VERSION, calendar, catalogue
from mockserver.dataset.pupils import pupils
from mockserver.dataset.recipe import BigDay, Recipe
from mockserver.dataset.school import Result, results

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
RECIPE = Recipe(
    seed=3,
    pupils=300,
    school_years=("2022-2023", "2023-2024"),
    tests=10,
    unknown=20,
    days=(BigDay(date=date(2024, 3, 12), tests=2, at_once=True),),
)


@pytest.fixture(scope="module")
def made() -> list[Result]:
    """The results of the recipe."""
    return results(RECIPE, "99AA")


@pytest.fixture(scope="module")
def rows(made: list[Result]) -> list[dict[str, str]]:
    """The results as flat dictionaries; the parts are left out."""
    found = []
    for each in made:
        wrapped = f'<x xmlns:tns="{fields.NAMESPACE}">{each.fragment}</x>'
        row = etree.fromstring(wrapped)[0]
        for parts in row.findall(f"{{{fields.NAMESPACE}}}onderdelen"):
            row.remove(parts)
        leaves = (leaf for leaf in row.iter() if len(leaf) == 0)
        found.append({etree.QName(leaf).localname: leaf.text or "" for leaf in leaves})
    return found


def test_the_same_seed_gives_the_same_bytes(made: list[Result]) -> None:
    """The same recipe gives the same results on every Python and every machine.

    The digest belongs to this VERSION of the makers: where it must change, raise VERSION, or
    databases made before keep their old data.
    """
    text = "\n".join(f"{each.processed} {each.fragment}" for each in made)
    assert (VERSION, sha256(text.encode()).hexdigest()[:16]) == (1, "bc40d1e2a6ad0245")


def test_the_same_seed_gives_the_same_pupils() -> None:
    """Pupils and names repeat too, and the known ones are the same."""
    assert pupils(RECIPE) == pupils(RECIPE)
    assert sum(not pupil.known for pupil in pupils(RECIPE)) == RECIPE.unknown


def test_another_seed_gives_another_school(made: list[Result]) -> None:
    """Nothing of the results is the same by accident."""
    other = results(RECIPE.model_copy(update={"seed": 4}), "99AA")
    assert {each.fragment for each in other}.isdisjoint(each.fragment for each in made)


def test_two_schools_share_no_resultaatid(made: list[Result]) -> None:
    """A resultaatid is unique over schools, also where the recipe is the same."""
    other = results(RECIPE, "99BB")
    assert {each.resultaatid for each in other}.isdisjoint(each.resultaatid for each in made)
    assert len({each.resultaatid for each in made}) == len(made)


def test_results_are_in_the_contracts_order(made: list[Result]) -> None:
    """Results are ordered by verwerkingsdatum, then resultaatid, strictly rising."""
    order = [(each.processed, each.resultaatid) for each in made]
    assert order == sorted(set(order))


def test_the_identifier_says_nothing_of_the_order(made: list[Result]) -> None:
    """A client that sorts by resultaatid gets another order than the server's."""
    ids = [each.resultaatid for each in made]
    assert ids != sorted(ids)


def test_the_moment_on_the_wire_is_the_moment_sorted_by(
    made: list[Result], rows: list[dict[str, str]]
) -> None:
    """The verwerkingsdatum in the XML is the stored position, in Dutch time with milliseconds."""
    for each, row in zip(made, rows, strict=True):
        moment = datetime.fromisoformat(row["verwerkingsdatum"])
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        assert (moment - epoch) // timedelta(milliseconds=1) == each.processed
        assert moment.utcoffset() == moment.astimezone(AMSTERDAM).utcoffset()


def test_sittings_fall_on_school_days(rows: list[dict[str, str]]) -> None:
    """Nobody is tested in a weekend or a school holiday."""
    days = {date.fromisoformat(row["afnamedatum"]) for row in rows}
    lessons = {day for year in RECIPE.school_years for day in calendar.school_days(year)}
    assert days <= lessons
    assert not [day for day in days if day.month == 8 and day.day < 20]
    assert date(2024, 4, 1) not in lessons  # Easter Monday
    assert date(2024, 5, 9) not in lessons  # Ascension Day


def test_sittings_cluster_in_autumn_and_spring(rows: list[dict[str, str]]) -> None:
    """Most sittings are in September-October and April-June."""
    ordinary = [row["afnamedatum"] for row in rows if row["afnamedatum"] != "2024-03-12"]
    months = Counter(int(day[5:7]) for day in ordinary)
    busy = sum(months[month] for month in (9, 10, 4, 5, 6))
    assert busy > 0.6 * sum(months.values())


def test_whole_classes_sit_on_one_day(rows: list[dict[str, str]]) -> None:
    """A sitting is a class: on most days with a test, the same test has many pupils."""
    sizes = Counter((row["afnamedatum"], row["toetscode"], row.get("leerjaar")) for row in rows)
    assert sum(sizes.values()) / len(sizes) > 10


def test_a_teachers_marks_come_later(rows: list[dict[str, str]]) -> None:
    """What a teacher marks is final days to weeks after the sitting; the rest the same day."""
    for row in rows:
        if row["afnamedatum"] == "2024-03-12":
            continue  # the big day ends at once, whoever marks
        sat = date.fromisoformat(row["afnamedatum"])
        final = datetime.fromisoformat(row["verwerkingsdatum"]).date()
        if row.get("vaardigheid") in catalogue.MARKED_BY_TEACHER:
            assert timedelta(days=3) <= final - sat <= timedelta(days=80)
        else:
            assert final == sat


def test_a_big_day_can_be_final_at_once(made: list[Result], rows: list[dict[str, str]]) -> None:
    """A day for the whole school can end in one moment, in which only the resultaatid differs."""
    moments = {
        each.processed
        for each, row in zip(made, rows, strict=True)
        if row["afnamedatum"] == "2024-03-12" and row["verwerkingsdatum"][11:13] == "17"
    }
    assert len(moments) == 1


def test_stamnummers_keep_to_magisters_bounds() -> None:
    """Stamnummers run from 1 to 99999999, and a school of some size has both."""
    numbers = [pupil.stamnummer for pupil in pupils(RECIPE)]
    assert (min(numbers), max(numbers)) == (1, 99_999_999)
    assert len(set(numbers)) == len(numbers)


def test_levels_and_scores_keep_to_the_vendors_scale(rows: list[dict[str, str]]) -> None:
    """A niveautoets of one level has a cijfer, a combinatietoets none; the scale is 0 to 200."""
    for row in rows:
        levels = row.get("toetsniveau", "").split("-")
        assert ("cijfer" in row) == (levels != [""] and len(levels) == 1)
        if "niveau" in row:
            assert row["niveau"] in levels
        if "ontwikkelscore" in row:
            assert row["vakgebied"] in ("Nederlands", "Rekenen")


@pytest.mark.parametrize(
    ("vakgebied", "levels", "expected"),
    [
        ("Nederlands", ("2F",), (30, 80)),
        ("Engels", ("A2", "B1"), (30, 66, 86)),
        ("Nederlands", ("1F", "2F", "3F"), (30, 57, 75, 88)),
        ("Rekenen", ("0F",), (20, 65)),
        ("Rekenen", ("1F",), (20, 65)),
        ("Rekenen", ("2F",), (20, 63)),
        ("Rekenen", ("3F",), (20, 60)),
        ("Rekenen", ("1F", "2F"), (20, 42.5, 76.5)),
        ("Rekenen", ("2F", "3F"), (20, 41.5, 75)),
        ("Rekenen", ("1F", "2F", "3F"), (20, "38.25", "70.85", "91.5")),
    ],
)
def test_pass_marks_are_the_vendors(
    vakgebied: str, levels: tuple[str, ...], expected: tuple[float | str, ...]
) -> None:
    """Threshold and pass marks per subject and level are those of the vendor's help pages."""
    assert catalogue.marks(vakgebied, levels) == tuple(Fraction(mark) for mark in expected)


@pytest.mark.parametrize(
    ("percentage", "grade"),
    [
        ("0", "1.0"),
        ("30", "1.0"),
        ("55", "3.2"),
        ("79.99", "5.4"),
        ("80", "5.5"),
        ("90", "7.8"),
        ("100", "10.0"),
    ],
)
def test_the_grade_rule_is_the_vendors(percentage: str, grade: str) -> None:
    """1.0 up to the threshold, linear to 5.4 below the pass mark, 5.5 at it, linear to 10.0."""
    assert catalogue.cijfer(Fraction(percentage), Fraction(30), Fraction(80)) == grade


def test_a_level_is_reached_at_its_pass_mark() -> None:
    """In a combinatietoets the highest level whose pass mark is met is the niveau."""
    combined = catalogue.assessment("Rekenen", None, ("1F", "2F"))
    at = {percent: combined.outcome(combined.points * percent // 100) for percent in (40, 45, 80)}
    assert [at[percent].niveau for percent in (40, 45, 80)] == [None, "1F", "2F"]


@pytest.mark.parametrize(("level", "score"), [("2F", 80), ("3F", 100), ("4F", 120)])
def test_the_ontwikkelscore_of_a_level_is_the_vendors(level: str, score: int) -> None:
    """At the pass mark of 2F, 3F and 4F the one scale stands at 80, 100 and 120."""
    threshold, mark = catalogue.marks("Nederlands", (level,))
    found = catalogue._ontwikkelscore(Fraction(mark), (level,), threshold, [mark])
    assert found == score


def test_the_ontwikkelscore_never_falls_with_more_points() -> None:
    """More points never give a lower ontwikkelscore."""
    for levels in (("1F",), ("1F", "2F"), ("1F", "2F", "3F"), ("4F",)):
        made = catalogue.assessment("Nederlands", "lezen", levels)
        scores = [made.outcome(good).ontwikkelscore or 0 for good in range(made.points + 1)]
        assert scores == sorted(scores)


def test_parts_add_up_to_the_whole() -> None:
    """The points of the parts are the points of the test."""
    made = catalogue.assessment("Rekenen", None, ("1F", "2F"))
    for good in range(made.points + 1):
        parts = made.outcome(good).onderdelen
        size = made.points / len(parts)
        total = sum(float(part.percentage) * size / 100 for part in parts)
        assert total == pytest.approx(good, abs=0.1)


def test_a_school_that_never_tested_has_pupils() -> None:
    """Without school years there are pupils and no results."""
    empty = Recipe(seed=1, pupils=50)
    assert pupils(empty)
    assert results(empty, "99AA") == []


@pytest.mark.parametrize("wanted", [1, 7, 15, 120])
def test_a_small_school_is_small(wanted: int) -> None:
    """A school has about as many pupils as its recipe says, down to one."""
    made = pupils(Recipe(seed=1, pupils=wanted))
    assert 0.5 * wanted <= len(made) <= 3 * wanted
