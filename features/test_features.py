"""Every feature file in this folder, run against a real server on a real port."""

from pytest_bdd import scenarios

scenarios(".")
