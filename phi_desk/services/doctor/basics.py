"""The operating system, Python, the processor, memory and disk; knows no device and no model."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable
from pathlib import Path

from phi_desk.services.doctor.finding import Finding
from phi_desk.services.doctor.machine import Machine

ASK_LIMIT_S = 2.0
# What makes a processor quick at this work, by the name in /proc/cpuinfo.
X86_SETS = (
    "avx2", "avx512f", "avx_vnni", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_int8", "amx_bf16",
)  # fmt: skip
ARM_SETS = ("asimddp", "i8mm", "bf16", "sve", "sve2", "sme")
MAC_ARM_SETS = {"FEAT_DotProd": "asimddp", "FEAT_I8MM": "i8mm", "FEAT_BF16": "bf16"}
MAC_X86_SETS = {"AVX2": "avx2", "AVX512F": "avx512f", "AVX512VNNI": "avx512_vnni"}


def gigabytes(count: float) -> str:
    """Bytes for people: "11.2 GB" (10^9)."""
    return f"{count / 1e9:.1f} GB"


def operating_system(machine: Machine) -> Finding:
    """Its name and version."""
    if machine.system.startswith("linux"):
        text = machine.read("/etc/os-release") or ""
        name = _value(text, "PRETTY_NAME", "=").strip('"') or "Linux"
        kernel = (machine.read("/proc/sys/kernel/osrelease") or "").strip()
        value = f"{name}, kernel {kernel}" if kernel else name
    elif machine.system == "darwin":
        value = f"macOS {_said(machine, 'sw_vers', '-productVersion')}"
    else:
        value = platform.platform(terse=True)
    return Finding(name="system", value=f"{value}, {machine.architecture}")


def python() -> Finding:
    """The Python that runs this program."""
    kind = platform.python_implementation()
    return Finding(name="python", value=f"{kind} {platform.python_version()}")


def processor(machine: Machine, cores: int | None = None) -> Finding:
    """The processor's name, and how many cores this process may use."""
    usable = cores if cores is not None else _usable_cores()
    name = _processor_name(machine) or machine.architecture
    return Finding(name="processor", value=f"{name}, {usable} cores usable")


def instruction_sets(machine: Machine) -> Finding:
    """Which of the instruction sets that matter here the processor has.

    AVX2 is the least that the fast int8 and fp32 kernels are written for.
    """
    found = _instruction_sets(machine)
    if found is None:
        return Finding(name="instruction sets", value="not told by this system")
    if machine.architecture in ("x86_64", "amd64") and "avx2" not in found:
        return Finding(
            name="instruction sets",
            value=", ".join(found) or "none of those that matter",
            state="warning",
            hint="Without AVX2 the model runs, but very slowly: use another machine if you can.",
        )
    return Finding(name="instruction sets", value=", ".join(found) or "none of those that matter")


def memory(read: Callable[[], tuple[int, int]] | None = None) -> Finding:
    """All memory, and what a new program may take of it; `read` gives both in bytes."""
    total, free = (read or _memory)()
    return Finding(name="memory", value=f"{gigabytes(free)} free of {gigabytes(total)}")


def disk(home: Path, needed: int, free: int | None = None) -> Finding:
    """Free space where the state lives; `needed` bytes is what the model's files take."""
    there = home
    while not there.exists() and there != there.parent:
        there = there.parent
    left = free if free is not None else shutil.disk_usage(there).free
    value = f"{gigabytes(left)} free at {home}"
    if left >= needed:
        return Finding(name="disk", value=value)
    return Finding(
        name="disk",
        value=value,
        state="warning",
        hint=f"The full model's files take {gigabytes(needed)}: free some space, or choose "
        "another folder with --home.",
    )


def network(*, offline: bool) -> Finding:
    """Whether downloads are allowed; nothing is opened to find out."""
    if offline:
        return Finding(name="network", value="switched off: nothing will be downloaded")
    return Finding(name="network", value="used for `models download` only; not opened now")


def _memory() -> tuple[int, int]:
    import psutil

    state = psutil.virtual_memory()
    return state.total, state.available


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor_name(machine: Machine) -> str:
    if machine.system.startswith("linux"):
        named = _value(machine.read("/proc/cpuinfo") or "", "model name", ":")
        return named or _value(_said(machine, "lscpu"), "Model name", ":")
    if machine.system == "darwin":
        return (
            machine.ask(
                (
                    "sysctl",
                    "-n",
                    "machdep.cpu.brand_string",
                ),
                ASK_LIMIT_S,
            )
            or ""
        ).strip()
    return machine.environment.get("PROCESSOR_IDENTIFIER", "")


def _instruction_sets(machine: Machine) -> list[str] | None:
    """Those that matter, in a fixed order; None when the system does not tell."""
    if machine.system.startswith("linux"):
        text = machine.read("/proc/cpuinfo") or ""
        flags = (_value(text, "flags", ":") or _value(text, "Features", ":")).split()
        known = (*X86_SETS, *ARM_SETS)
        return [name for name in known if name in flags] if flags else None
    if machine.system != "darwin":
        return None
    if machine.architecture == "arm64":
        text = (
            machine.ask(
                (
                    "sysctl",
                    "hw.optional.arm",
                ),
                ASK_LIMIT_S,
            )
            or ""
        )
        rows = {name: _value(text, f"hw.optional.arm.{name}", ":") for name in MAC_ARM_SETS}
        return [MAC_ARM_SETS[name] for name, value in rows.items() if value == "1"]
    words = _said(machine, "sysctl", "-n", "machdep.cpu.features", "machdep.cpu.leaf7_features")
    return [own for name, own in MAC_X86_SETS.items() if name in words.split()]


def _said(machine: Machine, *command: str) -> str:
    """What a program of the system says; empty when it says nothing."""
    return (machine.ask(command, ASK_LIMIT_S) or "").strip()


def _value(text: str, key: str, separator: str) -> str:
    """What stands behind `key` in the first line that has it; empty when none has."""
    for line in text.splitlines():
        name, found, value = line.partition(separator)
        if found and name.strip() == key:
            return value.strip()
    return ""
