"""The project itself: what is installed, what the documents promise."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mockserver.scenario import find

ROOT = Path(__file__).parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The distribution that would be published."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("resultatenkoppeling-*.whl")))


def test_the_wheel_holds_all_that_runs(wheel: zipfile.ZipFile) -> None:
    """What is installed has both packages, the command, the WSDL, the clauses, the scenarios."""
    names = set(wheel.namelist())
    assert {
        "koppeling.py",
        "client/importer.py",
        "mockserver/contract/resultaten.wsdl",
        "mockserver/clauses.toml",
        "mockserver/scenarios/eerste-import.toml",
    } <= names
    assert not {name for name in names if name.startswith(("tests", "features", "bench"))}


def test_the_installed_command_works_far_from_the_repository(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    """From the wheel alone, in an empty folder, the command finds its scenarios and its WSDL."""
    wheel.extractall(tmp_path / "site")
    code = (
        "import sys; sys.path.insert(0, 'site'); import koppeling;"
        "assert koppeling.__file__.endswith('site/koppeling.py'); koppeling.main()"
    )
    run = [sys.executable, "-P", "-c", code]
    listed = subprocess.run(
        [*run, "scenarios", "list", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "eerste-import" in listed.stdout
    wsdl = subprocess.run([*run, "contract", "wsdl"], cwd=tmp_path, capture_output=True, check=True)
    assert wsdl.stdout.startswith(b"<?xml")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_has_hashes_and_no_address(lock: Path) -> None:
    """Every package is pinned by hash, and the file names no registry."""
    text = lock.read_text("utf-8")
    assert "://" not in text
    assert "index-url" not in text
    packages = re.findall(r"^[a-z0-9].*$", text, re.M)
    assert len(packages) > 20
    assert all("==" in package and package.endswith("\\") for package in packages)


def test_the_example_of_the_documents_is_a_scenario(tmp_path: Path) -> None:
    """The scenario that docs/scenarios.md shows is valid as it stands."""
    text = (ROOT / "docs" / "scenarios.md").read_text("utf-8")
    example = text.split("```toml\n")[1].split("```")[0]
    path = tmp_path / "voorbeeld.toml"
    path.write_text(example, "utf-8")
    assert len(find(str(path)).imports) == 2


def test_the_documents_point_somewhere() -> None:
    """Every link between the documents leads to a file that is there."""
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", document.read_text("utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_readme_shows_what_the_command_prints() -> None:
    """The three fields that the README shows are those of the scenario."""
    school = find("eerste-import").schools[0]
    text = (ROOT / "README.md").read_text("utf-8")
    assert f"Instellingscode        {school.instellingscode}" in text
    assert text.count(school.soapkey) == 2
