"""The processors and accelerators of this machine, as plans see them; knows no model."""
# ruff: noqa: TID253 (a module of the torch layer; nothing imports it at start-up)

from __future__ import annotations

import platform

import psutil
import torch

from phi_desk.model.plan import Device


def find_devices() -> tuple[Device, ...]:
    """CUDA first, then Apple's GPU, then the processor."""
    return (*_cuda(), *_mps(), _cpu())


def _cuda() -> tuple[Device, ...]:
    if not torch.cuda.is_available():
        return ()
    free, _ = torch.cuda.mem_get_info(0)
    return (
        Device(
            kind="cuda",
            name=torch.cuda.get_device_name(0),
            free_bytes=free,
            native_bf16=torch.cuda.is_bf16_supported(),
        ),
    )


def _mps() -> tuple[Device, ...]:
    if not torch.backends.mps.is_available():
        return ()
    limit = torch.mps.recommended_max_memory()
    free = min(limit - torch.mps.driver_allocated_memory(), psutil.virtual_memory().available)
    return (Device(kind="mps", name="the Apple GPU", free_bytes=free, native_bf16=True),)


def _cpu() -> Device:
    return Device(
        kind="cpu",
        name="the processor",
        free_bytes=free_memory(),
        native_bf16=_native_bf16(),
    )


def free_memory() -> int:
    """Bytes a new program may take: what the system calls available, within a container's limit."""
    available: int = psutil.virtual_memory().available
    limits = _container_limit()
    return min(available, limits) if limits is not None else available


def _container_limit() -> int | None:
    """What a control group (version 2) still allows, or None where none is set."""
    from pathlib import Path

    folder = Path("/sys/fs/cgroup")
    try:
        most = (folder / "memory.max").read_text().strip()
        used = int((folder / "memory.current").read_text())
        inactive = dict(
            line.split() for line in (folder / "memory.stat").read_text().splitlines()
        ).get("inactive_file", "0")
    except (OSError, ValueError):
        return None
    return None if most == "max" else max(0, int(most) - used + int(inactive))


def _native_bf16() -> bool:
    """Whether the processor multiplies bf16 itself (AVX-512 BF16, AMX, or ARM's)."""
    if platform.machine().lower() in ("arm64", "aarch64"):
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001
    return bool(
        torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()  # noqa: SLF001
    )
