"""The command, as a person or a script uses it: a process of its own."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from conftest import Serve, Served
from mockserver.contract import publication
from mockserver.play import known_stamnummers
from tests.envelopes import fields_of, message, post
from tests.keys import keys_in

KOPPELING = [sys.executable, "-m", "koppeling"]
CLEAN = {name: text for name, text in os.environ.items() if not name.startswith("KOPPELING_")}


def koppeling(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end. Whatever it does, no SOAP-key stands in what it says."""
    done = subprocess.run(
        [*KOPPELING, *words],
        env=CLEAN | env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    shown = done.stderr if "show" in words else done.stdout + done.stderr
    assert keys_in(shown) == []
    return done


@contextmanager
def serving(*words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A `koppeling serve` that runs, and the line of JSON that it printed."""
    process = subprocess.Popen(
        [*KOPPELING, "serve", "--port", "0", "--json", *words],
        env=CLEAN,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield process, json.loads(line)
    finally:
        process.kill()
        assert keys_in(process.communicate()[1]) == []


def told(served: Served, tmp_path: Path) -> dict[str, str]:
    """The environment of an import from the first school."""
    (_, code), (_, key) = fields_of(served)
    return {
        "KOPPELING_WSDL": served.running.wsdl,
        "KOPPELING_INSTELLINGSCODE": code,
        "KOPPELING_SOAPKEY": key,
        "KOPPELING_DATABASE": str(tmp_path / "client.sqlite"),
    }


def one_line(done: subprocess.CompletedProcess[str], exit_code: int) -> str:
    """What the command said when it failed: one line, no traceback, the exit code."""
    assert done.returncode == exit_code, done.stderr
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_says_where_and_ends_cleanly(tmp_path: Path, number: int) -> None:
    """Serve --json prints one line once it answers, and ends within 2 s with exit code 0."""
    scenario = ["--scenario", "twee-scholen", "--scenario", "lege-school"]
    with serving(*scenario, "--db", str(tmp_path / "s.sqlite")) as (process, line):
        assert requests.get(line["wsdl"], timeout=10).status_code == 200
        assert line["wsdl"].endswith("/api/v3/results/doclit?wsdl")
        schools = {school["instellingscode"]: school for school in line["schools"]}
        assert {code: school["offered"] for code, school in schools.items()} == {
            "99TL": 693,
            "99TR": 578,
            "99LE": 0,
        }
        assert {school["scenario"] for school in schools.values()} == {
            "twee-scholen",
            "lege-school",
        }
        assert schools["99TL"]["wsdl"] == line["wsdl"]
        assert schools["99TL"]["soapkey"].startswith("jij-")
        started = time.monotonic()
        process.send_signal(number)
        assert process.wait(timeout=10) == 0
        assert time.monotonic() - started < 2


def test_a_restart_finds_the_data_again(tmp_path: Path) -> None:
    """A vervolgsleutel from before a restart goes on after it: data and secret are kept."""
    import zeep

    words = ["--scenario", "onbekende-leerlingen", "--db", str(tmp_path / "s.sqlite")]
    token, seen = None, []
    for _ in range(2):
        with serving(*words) as (_, line):
            school = line["schools"][0]
            answer = zeep.Client(line["wsdl"]).service.HaalToetsresultaten(
                instellingscode=school["instellingscode"],
                soapkey=school["soapkey"],
                maxaantal=400,
                **({"vervolgsleutel": token} if token else {}),
            )
            token = answer.vervolgsleutel
            seen += [row.resultaatid for row in answer.toetsafnames.toetsafname]
    assert len(set(seen)) == len(seen) == line["schools"][0]["offered"] == 695


def test_the_clock_can_be_set(tmp_path: Path) -> None:
    """Serve --now decides which results are there."""
    words = ["--scenario", "periodiek", "--db", str(tmp_path / "s.sqlite")]
    offered = []
    for moment in ([], ["--now", "2025-05-13T12:00"], ["--now", "2020-01-01"]):
        with serving(*words, *moment) as (_, line):
            offered.append(line["schools"][0]["offered"])
    assert offered == [923, 942, 0]


def test_every_call_is_logged_in_one_line_without_its_key(tmp_path: Path) -> None:
    """The log has a line a call, as JSON where asked for, and never a whole SOAP-key."""
    with serving(
        "--scenario", "lege-school", "--log-format", "json", "--db", str(tmp_path / "s")
    ) as (
        process,
        line,
    ):
        key = line["schools"][0]["soapkey"]
        done = koppeling(
            "import",
            KOPPELING_WSDL=line["wsdl"],
            KOPPELING_INSTELLINGSCODE="99LE",
            KOPPELING_SOAPKEY=key,
            KOPPELING_DATABASE=str(tmp_path / "client.sqlite"),
        )
        assert done.returncode == 0
        broken = message(("instellingscode", "99LE"), ("soapkey", key), ("maxaantal", "x"))
        requests.post(
            line["wsdl"].removesuffix("?wsdl"),
            data=broken.encode(),
            headers={"Content-Type": "text/xml"},
            timeout=10,
        )
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate()
    lines = [json.loads(each) for each in log.splitlines()]
    assert lines[0]["request"] == "GET /api/v3/results/doclit"
    calls = [each for each in lines if "request" not in each]
    assert [each.get("fault") for each in calls] == [None, "Client.OngeldigBericht"]
    good = calls[0]
    assert (good["school"], good["batch"], good["count"], good["status"]) == ("99LE", 1, 0, 200)
    assert good["time"]
    assert good["ms"] > 0
    assert key not in log
    assert good["soapkey"] == f"…{key[-2:]}"


def test_import_ends_with_one_line_of_json(serve_scenario: Serve, tmp_path: Path) -> None:
    """Import --json takes its settings from the environment and ends with its summary."""
    served = serve_scenario("onbekende-leerlingen")
    known = known_stamnummers(served.running.sessions[0].school)
    file = tmp_path / "stamnummers.txt"
    file.write_text("\n".join(map(str, known)) + "\n")
    env = told(served, tmp_path) | {"KOPPELING_STAMNUMMERS": str(file)}
    done = koppeling("import", "--json", **env)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary == {
        "batches": 7,
        "received": 695,
        "stored": 319,
        "skipped": 0,
        "unknown": 376,
        "done": True,
        "mark": summary["mark"],
    }
    assert re.fullmatch(r"2025-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+02:00", summary["mark"])


def test_pupils_prints_the_file_for_the_client(tmp_path: Path) -> None:
    """Scenarios pupils prints the known stamnummers, one a line, of one school or of all."""
    lines = koppeling("scenarios", "pupils", "twee-scholen").stdout.split()
    one = koppeling("scenarios", "pupils", "twee-scholen", "--instellingscode", "99TR").stdout
    assert lines == sorted(set(lines), key=int)
    assert set(one.split()) < set(lines)
    wrong = koppeling("scenarios", "pupils", "twee-scholen", "--instellingscode", "99XX")
    assert "it has 99TL, 99TR" in one_line(wrong, 2)


def test_run_compares_stored_with_offered() -> None:
    """Run plays a scenario with the client as a process of its own and compares the sets."""
    done = koppeling("run", "periodiek", "--json")
    assert done.returncode == 0, done.stderr
    imports = json.loads(done.stdout.splitlines()[-1])["imports"]
    assert [each["stored"] for each in imports] == [each["wanted"] for each in imports]
    assert [each["client"]["stored"] for each in imports] == [898, 19, 0, 47]
    assert [each["batches"] for each in imports] == [10, 1, 1, 1]


LOSSY = """
import csv, os, sqlite3, subprocess, sys
done = subprocess.run([sys.executable, "-m", "koppeling", "import", "--json"])
dump = os.environ["KOPPELING_DUMP"]
rows = list(csv.reader(open(dump)))
change = {change}
csv.writer(open(dump, "w")).writerows(rows)
sys.exit(done.returncode)
"""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("rows.pop()", "1 missing: "),
        ("rows.append(rows[-1])", "1 doubled: "),
        ("rows.append(['verzonnen', '1', '2025-01-01'])", "1 extra: verzonnen"),
    ],
)
def test_run_finds_a_client_that_loses_doubles_or_invents(
    tmp_path: Path, change: str, said: str
) -> None:
    """A client that stored something else than was offered fails, and the ids are named."""
    script = tmp_path / "lossy.py"
    script.write_text(LOSSY.format(change=change))
    done = koppeling("run", "onbekende-leerlingen", "--client", f"{sys.executable} {script}")
    assert done.returncode == 1
    assert said in done.stdout
    assert "FAIL" in done.stdout


@pytest.mark.parametrize(
    ("client", "exit_code", "said"),
    [
        ("true", 2, "wrote nothing to KOPPELING_DUMP"),
        ("/no/such/client", 2, "can't be started"),
    ],
)
def test_run_says_what_is_wrong_with_a_client(client: str, exit_code: int, said: str) -> None:
    """A client that can't be compared is never taken for a good one."""
    done = koppeling("run", "lege-school", "--client", client)
    assert done.returncode == exit_code
    assert said in done.stderr.splitlines()[-1]


def test_run_does_not_take_silence_for_a_refusal() -> None:
    """Where a refusal is the point, a client that failed without calling did not pass."""
    done = koppeling("run", "toa-key", "--client", "false", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[-1])["good"] is False


def test_contract_fields_lists_every_element_with_its_mark() -> None:
    """The contract's table is printed for people and for scripts."""
    rows = json.loads(koppeling("contract", "fields", "--json").stdout)
    by_name = {(row["message"], row["element"]): row for row in rows}
    assert by_name["HaalToetsresultaten", "soapkey"]["mark"] == ["D", "A"]
    assert by_name["HaalToetsresultaten", "maxaantal"]["type"] == "int 1..500"
    table = koppeling("contract", "fields").stdout
    assert all(row["element"].rsplit("/", 1)[-1] in table for row in rows)


def test_contract_wsdl_prints_the_published_one() -> None:
    """The WSDL can be had without a server."""
    printed = koppeling("contract", "wsdl").stdout
    assert printed.encode() == publication.wsdl(publication.EXAMPLE_ADDRESS)


@pytest.mark.parametrize("words", [["list"], ["show", "periodiek"]])
def test_scenarios_speak_to_people_and_scripts(words: list[str]) -> None:
    """Scenarios are listed and shown as text and as JSON."""
    assert "periodiek" in koppeling("scenarios", *words).stdout
    assert "periodiek" in json.dumps(json.loads(koppeling("scenarios", *words, "--json").stdout))


def test_validate_names_each_mistake(tmp_path: Path) -> None:
    """A scenario with a mistake gets a line with file, place and what would be right; exit 2."""
    good = Path(__file__).parents[1] / "scenarios" / "lege-school.toml"
    bad = tmp_path / "bad.toml"
    bad.write_text(good.read_text("utf-8").replace("pupils =", "puplis ="))
    assert koppeling("scenarios", "validate", str(good)).stdout == "1 valid\n"
    done = koppeling("scenarios", "validate", str(good), str(bad))
    assert done.returncode == 2
    assert f"{bad}: schools[1].data.puplis: unknown key; did you mean 'pupils'?" in done.stderr


@pytest.mark.parametrize("command", [["serve", "--scenario"], ["run"], ["scenarios", "show"]])
def test_a_wrong_scenario_is_said(command: list[str]) -> None:
    """A scenario that is not there is one line with the nearest name; exit 2."""
    assert "did you mean 'periodiek'?" in one_line(koppeling(*command, "periodieq"), 2)


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    """A taken port is one line; exit 6."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = ["--scenario", "lege-school", "--port", port, "--db", str(tmp_path / "s.sqlite")]
        assert f"127.0.0.1:{port}: the port is taken" in one_line(koppeling("serve", *words), 6)


def test_an_unusable_database_is_said(tmp_path: Path) -> None:
    """A database that can't be written is one line, on either side; exit 6."""
    (tmp_path / "text").write_text("geen database, maar wel lang genoeg om op een kop te lijken")
    for path in (tmp_path, tmp_path / "text", tmp_path / "text" / "below.sqlite"):
        served = koppeling("serve", "--scenario", "lege-school", "--db", str(path))
        assert "database" in one_line(served, 6)
        imported = koppeling(
            "import",
            KOPPELING_WSDL="http://127.0.0.1:1/x?wsdl",
            KOPPELING_INSTELLINGSCODE="99LE",
            KOPPELING_SOAPKEY="k",
            KOPPELING_DATABASE=str(path),
        )
        assert f"database {path}" in one_line(imported, 6)


@pytest.mark.parametrize(
    ("change", "exit_code", "said"),
    [
        ({"KOPPELING_WSDL": "ftp://x/y"}, 2, "must start with http"),
        ({"KOPPELING_WSDL": "http://127.0.0.1:1/x?wsdl"}, 4, "can't reach"),
        ({"KOPPELING_INSTELLINGSCODE": "99ZZ"}, 3, "Client.OngeldigeKlantIdentificatie"),
        ({"KOPPELING_SOAPKEY": "x"}, 3, "Client.AutorisatieOngeldig"),
        ({"KOPPELING_SOAPKEY": ""}, 2, "SOAP-key: missing"),
        ({"KOPPELING_STAMNUMMERS": "/no/such/file"}, 2, "can't be read"),
        ({"KOPPELING_DUMP": "/no/such/folder/dump.csv"}, 2, "can't be written"),
        ({"KOPPELING_DUMP": "/"}, 6, "the results are stored all the same"),
        ({"KOPPELING_WSDL": "http://[::1/x?wsdl"}, 2, "must start with http"),
        ({"KOPPELING_WSDL": f"http://{'a' * 80}.nl/x?wsdl"}, 4, "can't reach"),
        ({"KOPPELING_SOAPKEY": "a\x01"}, 2, "control character"),
        ({"KOPPELING_INSTELLINGSCODE": "99\x7f\x02"}, 2, "control character"),
    ],
)
def test_a_wrong_setting_is_said(
    serve_scenario: Serve, tmp_path: Path, change: dict[str, str], exit_code: int, said: str
) -> None:
    """A wrong setting is one line and its own exit code; with --json the error is in the JSON."""
    env = told(serve_scenario("lege-school"), tmp_path) | change
    done = koppeling("import", "--json", **env)
    assert said in one_line(done, exit_code)
    summary = json.loads(done.stdout)
    assert said in summary["error"]["message"]
    assert summary["stored"] == 0


def test_a_stamnummer_that_is_none_is_named_with_its_line(
    serve_scenario: Serve, tmp_path: Path
) -> None:
    """A line that is no stamnummer is named, and nothing is sent."""
    served = serve_scenario("lege-school")
    file = tmp_path / "stamnummers.txt"
    file.write_text("1\n\n0123\n")
    env = told(served, tmp_path) | {"KOPPELING_STAMNUMMERS": str(file)}
    assert f"{file}, line 3: '0123'" in one_line(koppeling("import", **env), 2)
    assert served.recorder.take() == []


def test_a_server_that_goes_away_leaves_whole_batches(tmp_path: Path) -> None:
    """When the server is killed half-way, whole batches stay, and the next import goes on."""
    database, dump = tmp_path / "client.sqlite", tmp_path / "dump.csv"
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = str(unused.getsockname()[1])
    words = ["--scenario", "eerste-import", "--port", port, "--db", str(tmp_path / "s.sqlite")]
    with serving(*words) as (process, line):
        school = line["schools"][0]
        env = {
            "KOPPELING_WSDL": line["wsdl"],
            "KOPPELING_INSTELLINGSCODE": school["instellingscode"],
            "KOPPELING_SOAPKEY": school["soapkey"],
            "KOPPELING_DATABASE": str(database),
            "KOPPELING_DUMP": str(dump),
        }
        importing = subprocess.Popen(
            [*KOPPELING, "import", "--json"],
            env=CLEAN | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not (database.exists() and count(database) >= 1000):
            assert importing.poll() is None
            time.sleep(0.01)
        process.kill()
        said, log = importing.communicate(timeout=60)
    assert importing.returncode == 4, log
    assert "Traceback" not in log
    before = json.loads(said)["stored"]
    assert 1000 <= before < school["offered"]
    assert before % 100 == 0
    assert len(dump.read_text().splitlines()) == before + 1
    with serving(*words):
        after = json.loads(koppeling("import", "--json", **env).stdout)
    assert (after["stored"], after["skipped"]) == (school["offered"] - before, 0)
    assert after["done"] is True


def count(database: Path) -> int:
    """How many results a client's database holds by now."""
    with closing(sqlite3.connect(database, timeout=5)) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'result'")
        if not tables.fetchone()[0]:
            return 0
        return int(connection.execute("SELECT count(*) FROM result").fetchone()[0])


def test_a_database_of_something_else_is_said(tmp_path: Path) -> None:
    """A database that another program made, or that no driver is installed for, is one line."""
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE setting (a int)")
    for db in (str(foreign), "postgresql://u:p@127.0.0.1/x", "nonsense://x"):
        assert "database" in one_line(koppeling("serve", "--port", "0", "--db", db), 6)


@pytest.mark.parametrize("command", [["import", "--json"], ["run", "eerste-import"]])
def test_an_interrupted_command_says_so(
    serve_scenario: Serve, tmp_path: Path, command: list[str]
) -> None:
    """Ctrl-C ends a command with one line and exit code 130; import --json still ends in JSON."""
    env = told(serve_scenario("eerste-import"), tmp_path)
    # where the suite runs in the background, the shell has let it ignore Ctrl-C: its children not
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        process = subprocess.Popen(
            [*KOPPELING, *command],
            env=CLEAN | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    _wait_until_busy(process, tmp_path / "client.sqlite" if "--json" in command else None)
    os.killpg(process.pid, signal.SIGINT)
    said, log = process.communicate(timeout=30)
    assert process.returncode == 130, log
    assert "Traceback" not in log
    assert "interrupted" in log
    if "--json" in command:
        summary = json.loads(said)
        assert summary["error"]["kind"] == "interrupted"
        assert summary["done"] is False


def _wait_until_busy(process: subprocess.Popen[str], database: Path | None) -> None:
    """Waits until an import has stored something, or until a run serves."""
    if database is not None:
        while not (database.exists() and count(database) >= 100):
            time.sleep(0.01)
        return
    assert process.stderr is not None
    while not process.stderr.readline().startswith("Serving at"):
        pass


def test_a_full_disk_for_the_output_is_said() -> None:
    """Output that can't be written is one line and exit code 6."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*KOPPELING, "contract", "fields"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 6
    assert done.stderr == "koppeling: can't write the output: No space left on device\n"


def test_a_terminal_without_the_characters_gets_the_rest() -> None:
    """Where the terminal lacks a character, the command still works."""
    for words in (
        ["contract", "fields"],
        ["import", "--help"],
        ["scenarios", "show", "lege-school"],
    ):
        assert koppeling(*words, PYTHONIOENCODING="ascii").returncode == 0


def test_a_mistake_of_the_program_is_one_line(tmp_path: Path) -> None:
    """What nobody foresaw ends in one line that tells how to report it, not in a traceback."""
    (tmp_path / "sitecustomize.py").write_text(
        "import mockserver.scenario as s\n"
        "def broken(): raise ZeroDivisionError\n"
        "s.library = broken\n"
    )
    done = koppeling("scenarios", "list", PYTHONPATH=str(tmp_path))
    assert "a mistake of this program: ZeroDivisionError at sitecustomize.py:2" in one_line(done, 7)


@pytest.mark.parametrize("words", [["--vanaf", "0001-01-01"], ["--vanaf", "gisteren"], ["--x"]])
def test_a_wrong_option_is_one_line(
    serve_scenario: Serve, tmp_path: Path, words: list[str]
) -> None:
    """An option that can't be right is one line; nothing is sent."""
    served = serve_scenario("lege-school")
    done = koppeling("import", *words, **told(served, tmp_path))
    assert words[0] in one_line(done, 2)
    assert served.recorder.take() == []


def test_too_many_stamnummers_to_send_are_said(serve_scenario: Serve, tmp_path: Path) -> None:
    """What the contract can't carry is said before anything is sent."""
    served = serve_scenario("lege-school")
    file = tmp_path / "numbers"
    env = told(served, tmp_path) | {"KOPPELING_STAMNUMMERS": str(file)}
    for count_ in (0, 10_001):
        file.write_text("".join(f"{number}\n" for number in range(1, count_ + 1)))
        done = koppeling("import", "--send-stamnummers", **env)
        assert f"between 1 and 10000 can be sent along, these are {count_}" in one_line(done, 2)
    assert served.recorder.take() == []


def test_help_teaches(tmp_path: Path) -> None:
    """Every command has help; the first page tells where to begin and names the exit codes."""
    first = koppeling("--help").stdout
    assert "koppeling run" in first
    assert "Exit codes: 0 done" in first
    for words in (["import"], ["serve"], ["run"], ["contract", "fields"], ["scenarios", "pupils"]):
        assert "--json" in koppeling(*words, "--help").stdout


def test_the_key_can_stand_in_a_file_but_not_in_an_option(
    serve_scenario: Serve, tmp_path: Path
) -> None:
    """The SOAP-key comes from a file, a variable or a question: never from the command line."""
    env = told(serve_scenario("lege-school"), tmp_path)
    file = tmp_path / "key"
    file.write_text(env.pop("KOPPELING_SOAPKEY") + "\n")
    assert koppeling("import", "--soapkey-file", str(file), **env).returncode == 0
    assert koppeling("import", "--soapkey", "x", **env).returncode == 2
    assert "KOPPELING_SOAPKEY" in one_line(koppeling("import", **env), 2)


def test_a_reader_that_leaves_is_no_error() -> None:
    """Output that is cut off by the reader (as with head) ends the command quietly."""
    with subprocess.Popen(
        [*KOPPELING, "scenarios", "pupils", "eerste-import"],
        env=CLEAN,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_the_reason_of_a_refusal_is_in_dutch(serve_scenario: Serve) -> None:
    """Whoever fills in the wrong key reads in Dutch what is wrong."""
    served = serve_scenario("lege-school")
    assert (
        "geeft geen toegang"
        in post(served, message(("instellingscode", "x"), ("soapkey", "x"))).text
    )
