"""Takes rights away from this process and then becomes another program.

Run as a script by ``provers.sandbox``, which also says what is taken. It imports the standard
library alone, and little of that: it runs each time before a prover starts.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import stat
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

# --- Landlock: which files may be used ------------------------------------------------------

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_ASK_VERSION, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE, _READ, _LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REFER, _TRUNCATE, _IOCTL = 1 << 13, 1 << 14, 1 << 15
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
# Rights on files that each version of Landlock knows: a kernel refuses those that it does not.
_KNOWN = {1: _REFER - 1, 2: _TRUNCATE - 1, 3: _IOCTL - 1, 4: _IOCTL - 1}
_ALL = (_IOCTL << 1) - 1
_TCP = 0b11  # bind and connect
_SCOPES = 0b11  # abstract Unix sockets and signals
_TCP_SINCE, _SCOPES_SINCE = 4, 6
# What programs need of the system: to load their libraries, and to know the machine's size.
_SYSTEM = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/nix/store", "/home/linuxbrew/.linuxbrew/lib"),
    *(
        "/etc/ld.so.cache",
        "/proc/stat",
        "/proc/meminfo",
        "/proc/cpuinfo",
        "/proc/sys/vm/overcommit_memory",
    ),
    *("/sys/devices/system/cpu", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"),
)
_LOADERS = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/nix/store")

# --- seccomp: which system calls may be used ------------------------------------------------

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERROR, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _EACCES, _ENOSYS = 1, 13, 38
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in what a filter sees
_CLONE_THREAD = 0x10000
_X32 = 0x40000000
_CLONE3 = 435
# By machine: its number, ``clone``, ``socket``, and the calls that are refused besides: those that
# start processes or rings of system calls, and those that reach into other processes, the kernel
# or its mounts.
_MACHINES = {
    "x86_64": (
        *(0xC000003E, 56, 41),
        (57, 58, 425, 101, 310, 311, 438, 321, 323, 298, 248, 249, 250, 272, 308, 165, 304),
    ),
    "aarch64": (
        *(0xC00000B7, 220, 198),
        (425, 117, 270, 271, 438, 280, 282, 241, 217, 218, 219, 97, 268, 40, 265),
    ),
}


class RefusedError(Exception):
    """A right could not be taken away: the program must not be started."""


def landlock() -> int:
    """The version of Landlock that the kernel offers; 0 where it has none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, int(ctypes.CDLL(None).syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)))


def filters() -> bool:
    """Whether system calls can be filtered here."""
    # In a 32-bit process the numbers would be others.
    known = platform.machine() in _MACHINES and struct.calcsize("P") == 8
    return known and sys.platform.startswith("linux") and Path("/proc/sys/kernel/seccomp").exists()


def _call(*words: object) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    done = int(library.syscall(*words))
    if done < 0:
        raise RefusedError(f"Landlock: {os.strerror(ctypes.get_errno())}")
    return done


def _control(*words: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(*words, *[ctypes.c_ulong(0)] * (5 - len(words))) != 0:
        raise RefusedError(f"prctl: {os.strerror(ctypes.get_errno())}")


def restrict_files(read: Iterable[str], run: Iterable[str], write: Iterable[str]) -> None:
    """Forbid all files but these folders and files, and what the system's libraries need.

    Does nothing where the kernel has no Landlock. Raises RefusedError.
    """
    version = landlock()
    if version == 0:
        return
    known = _KNOWN.get(version, _ALL)
    rights = struct.pack(
        "QQQ",
        known,
        _TCP if version >= _TCP_SINCE else 0,
        _SCOPES if version >= _SCOPES_SINCE else 0,
    )
    size = 24 if version >= _SCOPES_SINCE else 16 if version >= _TCP_SINCE else 8
    rules = _call(_CREATE_RULESET, rights, ctypes.c_size_t(size), 0)
    look = _READ | _LIST
    allowed = [(path, look) for path in (*_SYSTEM, *read)]
    allowed += [(path, _READ | _EXECUTE) for path in (*_loaders(), *run)]
    allowed += [(path, known & ~_EXECUTE & ~_IOCTL) for path in write]
    allowed.append(("/dev/null", _READ | _WRITE))
    for path, access in allowed:
        _allow(rules, path, access & known)
    _control(_NO_NEW_PRIVILEGES, ctypes.c_ulong(1))
    _call(_RESTRICT_SELF, rules, 0)
    os.close(rules)


def _allow(rules: int, path: str, access: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:  # what is not there needs no right
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            access &= _OF_FILES
        _call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", access, place), 0)
    finally:
        os.close(place)


def _loaders() -> list[str]:
    """The programs that load other programs' libraries: the kernel executes them too."""
    found = []
    for folder in _LOADERS:
        if folder == "/nix/store":
            found.append(folder)
            continue
        for place in (folder, f"{folder}/{platform.machine()}-linux-gnu"):
            found += [str(file) for file in Path(place).glob("ld-*")]
    return found


def restrict_calls() -> None:
    """Forbid new sockets, new processes, and reaching into other processes; threads are allowed.

    Does nothing where it cannot be done. Raises RefusedError.
    """
    if not filters():
        return
    machine, clone, socket, refused = _MACHINES[platform.machine()]
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        # The numbers of another convention on x86-64, and none elsewhere.
        *[(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _ERROR | _ENOSYS)],
        *[(_EQUAL, 0, 1, socket), (_RETURN, 0, 0, _ERROR | _EACCES)],
        # A filter cannot see what is asked of it; the C library goes back to ``clone``.
        *[(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ERROR | _ENOSYS)],
    ]
    for number in refused:
        program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERROR | _EPERM)]
    program += [
        (_EQUAL, 0, 3, clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 1, 0, _CLONE_THREAD),
        (_RETURN, 0, 0, _ERROR | _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    header = struct.pack("HP", len(program), ctypes.addressof(code))
    _control(_NO_NEW_PRIVILEGES, ctypes.c_ulong(1))
    _control(_SECCOMP, ctypes.c_ulong(_FILTER), ctypes.create_string_buffer(header))


def limit(file_bytes: int, address_bytes: int) -> None:
    """Cap the size of files and the address space (0 for no cap); no core dumps."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, file_bytes)
    if address_bytes:
        _lower(resource.RLIMIT_AS, address_bytes)


def _lower(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    # The soft limit of the processor's time is moved for each task by whoever gives it.
    resource.setrlimit(what, (value, value))


def _check_scratch(folder: Path) -> None:
    """The current folder will be writable: it must have been made for that."""
    facts = folder.stat()
    if facts.st_uid != os.geteuid() or facts.st_mode & 0o077 or any(folder.iterdir()):
        raise RefusedError(f"{folder} is no empty folder of this user alone")


def main(words: list[str]) -> int:
    """Confine this process as the words before ``--`` say, and execute those behind it."""
    split = words.index("--")
    asked: dict[str, list[str]] = {}
    for name, value in zip(words[:split:2], words[1:split:2], strict=True):
        asked.setdefault(name, []).append(value)
    program = words[split + 1 :]
    scratch = Path.cwd()
    try:
        _check_scratch(scratch)
        limit(int(asked["file-bytes"][0]), int(asked["address-bytes"][0]))
        write = [str(scratch), *asked.get("write", [])]
        restrict_files(asked.get("read", []), [program[0], *asked.get("run", [])], write)
        restrict_calls()
        os.execv(program[0], program)
    except (RefusedError, OSError) as error:
        advice = "set NEUROSYM_SANDBOX=off if you trust all that it will be given"
        said = f"{program[0]} cannot be started in its sandbox ({error}): {advice}."
        print(f"error: {said}", file=sys.stderr)
    return 126


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
