"""The doctor's look at machines that are not this one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from phi_desk.services.doctor import basics, packages
from phi_desk.services.doctor.machine import Machine

EPYC = "processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: fpu sse2 avx2 avx512f avx512_vnni\n"
OLD = "model name\t: Core 2 Duo\nflags\t\t: fpu sse2 ssse3\n"
RASPBERRY = "processor\t: 0\nFeatures\t: fp asimd asimddp\n"
PORT_AUDIO = packages.Library(
    file="libportaudio.so.2",
    purpose="the microphone",
    package={"apt": "libportaudio2", "dnf": "portaudio", "pacman": "pa", "zypper": "pz"},
)


def machine(
    system: str = "linux",
    architecture: str = "x86_64",
    files: Mapping[str, str] | None = None,
    answers: Mapping[str, str] | None = None,
    programs: frozenset[str] = frozenset(),
    *,
    is_root: bool = False,
) -> Machine:
    """A machine with just these files, programs and no libraries; answers by the command's line."""
    said = answers or {}
    return Machine(
        system=system,
        architecture=architecture,
        environment={},
        read=(files or {}).get,
        ask=lambda command, _limit_s: said.get(" ".join(command)),
        has_library=lambda _file: False,
        has_program=lambda name: name in programs,
        is_root=is_root,
    )


def test_debian_is_named_with_its_kernel() -> None:
    files = {
        "/etc/os-release": 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
        "/proc/sys/kernel/osrelease": "6.1.0-13\n",
    }
    found = basics.operating_system(machine(files=files))
    assert found.value == "Debian GNU/Linux 12 (bookworm), kernel 6.1.0-13, x86_64"


def test_a_linux_that_says_nothing_is_still_linux() -> None:
    assert basics.operating_system(machine()).value == "Linux, x86_64"


def test_macos_is_named_with_its_version() -> None:
    mac = machine("darwin", "arm64", answers={"sw_vers -productVersion": "15.1\n"})
    assert basics.operating_system(mac).value == "macOS 15.1, arm64"


@pytest.mark.parametrize(
    ("here", "name"),
    [
        (machine(files={"/proc/cpuinfo": EPYC}), "AMD EPYC"),
        (
            machine(
                architecture="aarch64",
                files={"/proc/cpuinfo": RASPBERRY},
                answers={"lscpu": "Architecture: aarch64\nModel name:   Cortex-A76\n"},
            ),
            "Cortex-A76",
        ),
        (
            machine("darwin", "arm64", answers={"sysctl -n machdep.cpu.brand_string": "Apple M2"}),
            "Apple M2",
        ),
        (machine(architecture="riscv64"), "riscv64"),
    ],
)
def test_the_processor_is_named(here: Machine, name: str) -> None:
    assert basics.processor(here, cores=8).value == f"{name}, 8 cores usable"


def test_only_the_sets_that_matter_are_listed() -> None:
    found = basics.instruction_sets(machine(files={"/proc/cpuinfo": EPYC}))
    assert found.value == "avx2, avx512f, avx512_vnni"
    assert found.state == "ok"


def test_a_processor_without_avx2_is_warned_about() -> None:
    found = basics.instruction_sets(machine(files={"/proc/cpuinfo": OLD}))
    assert found.state == "warning"
    assert "AVX2" in found.hint


def test_arm_is_not_measured_by_avx2() -> None:
    here = machine(architecture="aarch64", files={"/proc/cpuinfo": RASPBERRY})
    found = basics.instruction_sets(here)
    assert (found.value, found.state) == ("asimddp", "ok")


def test_apple_processors_tell_theirs_through_sysctl() -> None:
    told = "hw.optional.arm.FEAT_DotProd: 1\nhw.optional.arm.FEAT_BF16: 0\n"
    told += "hw.optional.arm.FEAT_I8MM: 1\n"
    mac = machine("darwin", "arm64", answers={"sysctl hw.optional.arm": told})
    assert basics.instruction_sets(mac).value == "asimddp, i8mm"


def test_a_system_that_does_not_tell_is_no_fault() -> None:
    found = basics.instruction_sets(machine("win32", "amd64"))
    assert (found.value, found.state) == ("not told by this system", "ok")


def test_memory_is_given_free_and_whole() -> None:
    assert basics.memory(lambda: (16_000_000_000, 9_640_000_000)).value == "9.6 GB free of 16.0 GB"


def test_too_little_disk_is_a_warning_with_the_size_that_is_needed(tmp_path: Path) -> None:
    found = basics.disk(tmp_path, needed=11_100_000_000, free=5_000_000_000)
    assert found.state == "warning"
    assert "11.1 GB" in found.hint
    assert basics.disk(tmp_path, needed=11, free=12).state == "ok"


def test_a_home_that_is_not_there_yet_is_measured_where_it_will_be(tmp_path: Path) -> None:
    found = basics.disk(tmp_path / "not" / "yet", needed=0)
    assert str(tmp_path / "not" / "yet") in found.value
    assert found.state == "ok"


@pytest.mark.parametrize(
    ("programs", "is_root", "line"),
    [
        ({"apt-get"}, True, "apt-get install -y libportaudio2"),
        ({"apt-get"}, False, "sudo apt-get install -y libportaudio2"),
        ({"dnf"}, False, "sudo dnf install portaudio"),
        ({"pacman"}, False, "sudo pacman -S pa"),
        ({"zypper"}, False, "sudo zypper install pz"),
        (set(), False, "Install, with your system's tool: libportaudio.so.2"),
    ],
)
def test_a_missing_package_comes_with_the_line_that_installs_it(
    programs: set[str], is_root: bool, line: str
) -> None:
    here = machine(programs=frozenset(programs), is_root=is_root)
    found = packages.system_packages(here, [PORT_AUDIO])
    assert found.state == "missing"
    assert "libportaudio.so.2" in found.value
    assert found.hint == line


def test_wheels_bring_everything_on_macos() -> None:
    assert packages.system_packages(machine("darwin"), [PORT_AUDIO]).state == "ok"


def test_the_list_that_ships_names_a_package_for_every_manager() -> None:
    libraries = packages.listed()
    assert "libportaudio.so.2" in {one.file for one in libraries}
    for one in libraries:
        assert all(one.package[manager] for manager in packages.MANAGERS)
