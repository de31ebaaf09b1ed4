"""The wire contract: what a call and an answer look like.

`fields` holds every name, its bounds and its mark (who says so), in the words of `model`; `types`
makes the spyne types and the operation of it; `publication` makes the WSDL. The WSDL that clients
read is the frozen file `resultaten.wsdl`; a test proves that it is what the types give.
"""

import logging

import mockserver.spyne_compat  # noqa: F401  (runs before any import of spyne below this package)

# it logs what it can't read, keys included; this program's own log says what is needed
_log = logging.getLogger("spyne")
_log.addHandler(logging.NullHandler())
_log.propagate = False
