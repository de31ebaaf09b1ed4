"""Speed, as ratios measured in one run: python -m bench.

Absolute numbers say more of the machine than of the code; what counts are the ratios, between
things measured in turn on the same machine in the same minutes. Each measurement is repeated and
the median is given.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import client, data, server

ROUNDS = 3


def measured(what: dict[str, Callable[[], float]]) -> dict[str, float]:
    """The median rate of each, run in turn so that a slow minute hits them all."""
    rates: dict[str, list[float]] = {name: [] for name in what}
    for _ in range(ROUNDS):
        for name, run in what.items():
            rates[name].append(run())
    return {name: median(found) for name, found in rates.items()}


def show(title: str, unit: str, rates: dict[str, float], base: str) -> None:
    """A table of rates, each with its ratio to `base`."""
    print(f"\n{title}")
    for name, rate in rates.items():
        ratio = "" if name == base else f"   {base} is {rates[base] / rate:.2f} times this"
        print(f"  {name:<40}{rate:>10,.0f} {unit}{ratio}")


def main() -> None:
    """Runs every benchmark."""
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"Python {version}, {os.cpu_count()} processors, median of {ROUNDS} rounds")
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        show("Making a school's data", "results/s", measured(data.making()), "100,000 results")
        batches = data.batches(folder)
        show("Reading a batch of 100 out of 100,000", "batches/s", measured(batches), "batch 2")
        with server.running(folder) as servers:
            show(
                f"Serving batches of 500 on {server.CONNECTIONS} connections",
                "results/s",
                measured(servers.rates()),
                "this server",
            )
            show(
                "Importing a school, storing included",
                "results/s",
                measured(client.importing(servers.address, folder)),
                "this client",
            )


if __name__ == "__main__":
    main()
