"""Has a package's large library loaded beside Python; imports no package.

An import holds the interpreter while the system loads a library: for torch's, a third of a second
in which no other thread runs Python, so that a window stands still. Loaded beforehand through a
foreign call, which lets go of the interpreter, the library is there already when it is imported.
"""

from __future__ import annotations

import ctypes
import importlib.util
import logging
import os
import sys
from pathlib import Path

log = logging.getLogger(__name__)


def load_beside(package: str, *names: str) -> bool:
    """Load the first of `names`, patterns below the package's folder, that is there.

    Whether it is loaded now: where it cannot be, the package loads it by itself, as ever. On
    Windows nothing is done: there a library is found only with the folders that its package adds.
    """
    if package in sys.modules:
        return True
    path = _find(package, names)
    if path is None or sys.platform == "win32":
        return False
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype = ctypes.c_void_p
    dlopen.argtypes = (ctypes.c_char_p, ctypes.c_int)
    loaded = dlopen(os.fsencode(path), os.RTLD_LAZY | os.RTLD_LOCAL) is not None
    log.debug("loaded beforehand: %s %s", path.name, loaded)
    return loaded


def _find(package: str, names: tuple[str, ...]) -> Path | None:
    found = importlib.util.find_spec(package)
    for folder in (found.submodule_search_locations if found is not None else None) or ():
        for name in names:
            for path in Path(folder).glob(name):
                return path
    return None
