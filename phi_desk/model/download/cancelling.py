"""Runs network work of asyncio so that a cancel token ends it at any point; knows no network.

asyncio is used for this alone: a blocking socket cannot be interrupted while it looks up a name,
connects, shakes hands or waits for a byte; a task can.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from phi_desk.cancel import CancelToken
from phi_desk.errors import Cancelled

_Result = TypeVar("_Result")
_LOOK_S = 0.1  # how often the token is read: half a second is promised
_LET_GO_S = 0.2  # how long a cancelled task may take to close its connection


def run_cancellable(work: Coroutine[Any, Any, _Result], cancel: CancelToken) -> _Result:
    """Run `work` in this thread to its end, or until the token is set.

    Not `asyncio.run`: that one waits at its end for a name look-up that hangs in a thread.

    Raises:
        Cancelled: the token was set first.
    """
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(_watch(work, cancel))
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=_LET_GO_S))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


async def _watch(work: Coroutine[Any, Any, _Result], cancel: CancelToken) -> _Result:
    task = asyncio.ensure_future(work)
    while not task.done():
        await asyncio.wait({task}, timeout=_LOOK_S)
        if cancel.cancelled and not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_LET_GO_S)
            raise Cancelled
    return task.result()
