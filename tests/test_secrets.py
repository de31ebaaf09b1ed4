"""SOAP-keys stay where they belong."""

import subprocess
import sys
from pathlib import Path

import pytest

from mockserver.messages import Call, Secret
from tests.keys import KEYS, keys_in

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("key", "shown"),
    [("jij-0123456789ab", "…ab"), ("12345678", "…78"), ("1234567", "…"), ("", "…")],
)
def test_a_key_shows_two_characters_at_most(key: str, shown: str) -> None:
    """Printed, logged or formatted, a key shows its last two characters; a short one nothing."""
    secret = Secret(key)
    assert str(secret) == f"{secret}" == shown
    call = Call("99AA", secret)
    assert key[:5] not in repr(call) or not key


def test_the_suite_looks_for_every_key_it_uses() -> None:
    """The keys of every scenario are looked for, and found where they do stand."""
    assert len(KEYS) == 2 * 8
    assert keys_in(f"x{sorted(KEYS)[0]}x") == sorted(KEYS)[:1]


def test_a_key_in_the_output_of_a_test_fails_it(tmp_path: Path) -> None:
    """A test that lets a key into its output fails, so the whole suite is watched."""
    test = tmp_path / "test_leak.py"
    test.write_text(f"def test_leak():\n    print('log: {sorted(KEYS)[0]}')\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "--rootdir", tmp_path, test],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "a SOAP-key stands in the output of this test (capstdout): log: …" in done.stdout


def test_no_key_stands_in_the_documents_but_the_example() -> None:
    """The documents show the key of one scenario, to be copied; no other."""
    texts = [path.read_text("utf-8") for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]]
    assert keys_in("\n".join(texts)) == ["jij-eerste-import-4c81f0b7a2d94e35"]
