"""The whole download: list, check the space, fetch, verify, land; the one entry of this package."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from phi_desk.cancel import CancelToken
from phi_desk.errors import DoesNotFitError, InputError, NetworkError, OfflineError
from phi_desk.model.download.cancelling import run_cancellable
from phi_desk.model.download.checksum import is_intact
from phi_desk.model.download.hub import Hub, open_hub
from phi_desk.model.download.listing import Listing, RemoteFile
from phi_desk.model.download.meter import Meter
from phi_desk.model.download.record import DownloadRecord, read_record
from phi_desk.model.download.staging import Staging, only_one, staging_folder
from phi_desk.model.download.transfer import Transfer
from phi_desk.model.download.values import DownloadProgress, DownloadRequest, bytes_in_words

_FULL = {errno.ENOSPC, errno.EDQUOT}


def download(
    request: DownloadRequest, progress: Callable[[DownloadProgress], None], cancel: CancelToken
) -> Path:
    """Fetch a model's published files into `request.folder`; returns that folder.

    What an earlier run fetched is kept and continued. A model that lies there already is read
    again from the first byte to the last, and only files that are not as published are fetched.

    Raises:
        OfflineError: the network is switched off and something is missing.
        DoesNotFitError: the disk is too small.
        NetworkError: the hub cannot be reached, has no such files, or sends wrong bytes.
        CheckpointError: the repository holds no weights.
        InputError: the folder is taken by something else, or cannot be written.
        Cancelled: the person stopped it, answered within half a second.
    """
    meter = Meter(progress)
    try:
        with only_one(request.models, request.folder_name):
            record = _record_there(request)
            wrong = _wrong_files(request, record, meter, cancel) if record else ()
            if record and not wrong:
                meter.say("done")
                return request.folder
            if _is_offline(request):
                raise _offline(request, wrong)
            if record:
                _take_back(request, record, wrong)
            return run_cancellable(_fetch_all(request, meter, cancel), cancel)
    except OSError as failure:
        raise _disk_error(failure, request) from failure


def _is_offline(request: DownloadRequest) -> bool:
    if request.offline is not None:
        return request.offline
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")


def _offline(request: DownloadRequest, wrong: tuple[RemoteFile, ...]) -> OfflineError:
    state = "is not on this computer"
    if wrong:
        state = f"is damaged ({', '.join(file.path for file in wrong)})"
    return OfflineError(
        f"“{request.folder_name}” {state}, and the network is switched off.",
        "Leave out --offline (or unset HF_HUB_OFFLINE), or copy the files from another computer "
        "and use `phi-desk models add DIR`.",
    )


def _record_there(request: DownloadRequest) -> DownloadRecord | None:
    """The record of the model that lies there already, when it is the one asked for.

    Raises:
        InputError: something else lies there.
    """
    if not request.folder.exists():
        return None
    record = read_record(request.folder)
    if record is None or record.repo != request.repo:
        raise InputError(
            f"{request.folder} holds something else.", "Choose another name with --name."
        )
    if request.revision not in (record.commit, record.revision):
        raise InputError(
            f"“{request.folder_name}” is there in revision {record.revision[:12]}.",
            f"Remove it with `phi-desk models remove {request.folder_name}`, or give the other "
            "revision a name with --name.",
        )
    return record


def _wrong_files(
    request: DownloadRequest, record: DownloadRecord, meter: Meter, cancel: CancelToken
) -> tuple[RemoteFile, ...]:
    """The files that are not as published any more: every byte is read."""
    wrong = []
    meter.plan(Listing(commit=record.commit, files=record.files), {})
    for file in record.files:
        cancel.raise_if_cancelled()
        meter.begin(file)
        if is_intact(file, request.folder / file.path, meter.checked, cancel):
            meter.have(file)
        else:
            wrong.append(file)
    return tuple(wrong)


def _take_back(
    request: DownloadRequest, record: DownloadRecord, wrong: tuple[RemoteFile, ...]
) -> None:
    """Make a damaged model an unfinished download that has the files which are right."""
    staging = staging_folder(request.models, request.folder_name)
    if staging.exists():
        raise InputError(
            f"{request.folder} is damaged, and {staging} holds an unfinished download.",
            f"Remove both with `phi-desk models remove {request.folder_name}`.",
        )
    right = frozenset(file.path for file in set(record.files) - set(wrong))
    replace(record, checked=right).save(request.folder)
    for file in wrong:
        (request.folder / file.path).unlink(missing_ok=True)
    request.folder.rename(staging)


async def _fetch_all(request: DownloadRequest, meter: Meter, cancel: CancelToken) -> Path:
    async def pause(seconds: float, why: str) -> None:
        meter.say("wait", f"{why} Next try in {seconds:.0f} s.")
        await asyncio.sleep(seconds)

    async with open_hub(request, pause) as hub:
        meter.say("list")
        listing = await hub.list_files()
        staging = Staging(request, listing)
        staging.check_space()
        staging.open()
        meter.plan(listing, staging.on_disk())
        for file in listing.files:
            meter.begin(file)
            if not staging.is_checked(file):
                await _fetch_one(hub, listing, staging, file, meter, cancel)
    folder = staging.land()
    meter.say("done")
    return folder


async def _fetch_one(
    hub: Hub,
    listing: Listing,
    staging: Staging,
    file: RemoteFile,
    meter: Meter,
    cancel: CancelToken,
) -> None:
    """Fetch and verify a file; wrong bytes are thrown away and fetched once more."""
    part = staging.unverified(file)
    for _ in range(2):
        await Transfer(hub, listing.commit, file, part, meter.moved_to).run()
        if is_intact(file, part, meter.checked, cancel):
            staging.accept(file)
            return
        part.unlink()
        meter.moved_to(0)
    raise NetworkError(
        f"{file.path} ({bytes_in_words(file.size)}) arrived damaged twice.",
        "A proxy, a mirror or a failing disk changes the bytes: try another network or disk.",
        (f"expected {file.digest}",),
    )


def _disk_error(failure: OSError, request: DownloadRequest) -> DoesNotFitError | InputError:
    if failure.errno in _FULL:
        return DoesNotFitError(
            f"The disk of {request.models} is full.",
            "Free some space and run the same command again: what has arrived is kept.",
            (str(failure),),
        )
    return InputError(
        f"{failure.filename or request.models} cannot be written or read.",
        "Check the permissions, or choose another place with --home.",
        (str(failure),),
    )
