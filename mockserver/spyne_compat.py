"""Makes spyne 2.14.0 importable on Python 3.12 and later.

Import this module before any part of spyne. spyne carries an old copy of six whose import
hook lacks `find_spec`, the only way Python 3.12 finds a module; so `spyne.util.six.moves` can
no longer be imported. Its names are the standard library's own, and are registered here as
such. (Python 3.13 also dropped `cgi`, which spyne imports: the dependency legacy-cgi brings it
back.) The module can go when spyne makes a release that runs there by itself.
"""

import collections.abc
import http.cookies
import sys
import types
import urllib.parse

_MOVES = "spyne.util.six.moves"

if sys.version_info >= (3, 12):
    _package = types.ModuleType(_MOVES)
    _package.__path__ = []
    sys.modules.update(
        {
            _MOVES: _package,
            f"{_MOVES}.collections_abc": collections.abc,
            f"{_MOVES}.http_cookies": http.cookies,
            f"{_MOVES}.urllib": urllib,
            f"{_MOVES}.urllib.parse": urllib.parse,
        }
    )
