"""Makes a school from a seeded recipe: pupils, sittings, results. Same seed, same bytes.

`recipe` says what can be asked for; `catalogue` has the tests with their levels, thresholds and
the grade rule; `calendar` knows on which days a school tests; `school` puts them together.
Everything random is drawn with `random.Random.random()`, the one method that Python promises to
keep, and all sums on results are exact; so every Python gives the same bytes.
"""

VERSION = 1
"""Of the makers. Raise it when the same recipe gives other bytes, so that stored data is made
anew; a test holds the bytes of this version."""
