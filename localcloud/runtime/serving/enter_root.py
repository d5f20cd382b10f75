"""Enter a container's root and become its program: run as a process of its own, with the standard library alone.

The variable CONTAINER says in JSON which root, program, user and files. A user namespace is made, so that this works
for any user; as root its numbers are those of the machine, so that owners in the image are kept. Two processes stay:
the program, which is process 1 of its container as at Google, and this one, which hands it SIGTERM and ends as it ends.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import select
import signal
import sys
from typing import Any, NoReturn

CANNOT_ENTER, CANNOT_EXECUTE, NOT_FOUND = 125, 126, 127  # as container runtimes tell their own failures
NEW_USERS, NEW_MOUNTS, NEW_PROCESSES, NEW_IPC = 0x10000000, 0x00020000, 0x20000000, 0x08000000
READ_ONLY, NO_SUID, NO_DEV, NO_EXEC, REMOUNT, BIND, RECURSIVE, PRIVATE = 1, 2, 4, 8, 32, 4096, 16384, 1 << 18
NO_ACCESS_TIMES, NO_FOLDER_ACCESS_TIMES, RELATIVE_ACCESS_TIMES = 1024, 2048, 1 << 21
DETACH = 2
SET_PARENT_DEATH_SIGNAL = 1
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
# Who is root on the machine could change it through these.
KEPT_FROM_CHANGE = ("bus", "fs", "irq", "sys", "sysrq-trigger")
REMEDY = (
    "; let user namespaces be made: sysctl -w user.max_user_namespaces=15000, on Debian also "
    "kernel.unprivileged_userns_clone=1, on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0; in a container of "
    "your own, start that one with --security-opt seccomp=unconfined or --privileged"
)

libc = ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> None:
    """Raise OSError, named after what was tried, when the call of the C library failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number).lower()}")


def mount(source: str, target: str, kind: str | None = None, flags: int = 0, options: str = "") -> None:
    """Mount; raises OSError."""
    words = [source.encode(), target.encode(), kind.encode() if kind else None]
    checked(libc.mount(*words, ctypes.c_ulong(flags), options.encode() or None), f"mount {target}")


def make_user_namespace(user: dict[str, Any]) -> None:
    """Come to have all rights in a user namespace of its own, in which the container's user exists."""
    if os.geteuid() != 0:
        maps = {"uid_map": f"{user['uid']} {os.geteuid()} 1", "gid_map": f"{user['gid']} {os.getegid()} 1"}
        checked(libc.unshare(NEW_USERS), "make a user namespace")
        write("/proc/self/setgroups", "deny")
        for name, text in maps.items():
            write(f"/proc/self/{name}", text)
        return
    # Only a process that stayed outside may map more than one number.
    maps = {name: same_numbers(f"/proc/self/{name}") for name in ("uid_map", "gid_map")}
    entered, enter = os.pipe()
    parent, child = os.getpid(), os.fork()
    if child == 0:
        os.close(enter)  # so that the end of its parent ends it too
        try:
            os.read(entered, 1)
            for name, text in maps.items():
                write(f"/proc/{parent}/{name}", text)
        except OSError:
            os._exit(1)
        os._exit(0)
    try:
        checked(libc.unshare(NEW_USERS), "make a user namespace")
    finally:
        os.write(enter, b".")
        _, status = os.waitpid(child, 0)
    if status != 0:
        raise OSError(errno.EPERM, "map the numbers of users: operation not permitted")


def same_numbers(path: str) -> str:
    """Return a map of every number that exists here to itself."""
    with open(path) as file:
        ranges = [line.split() for line in file]
    return "".join(f"{inner} {inner} {count}\n" for inner, _, count in ranges)


def write(path: str, text: str) -> None:
    """Write the text in one piece, as files of the kernel want it."""
    with open(path, "w") as file:
        file.write(text)


def enter(root: str, files: dict[str, str]) -> None:
    """Make root the root: read-only, with proc, devices, an empty /tmp, and these files of the machine in it."""
    mount("none", "/", flags=RECURSIVE | PRIVATE)
    mount(root, root, flags=BIND | RECURSIVE)
    mount("proc", f"{root}/proc", "proc", NO_SUID | NO_DEV | NO_EXEC)
    for name in KEPT_FROM_CHANGE:
        if os.path.exists(f"{root}/proc/{name}"):
            seal(f"{root}/proc/{name}")
    mount("tmpfs", f"{root}/tmp", "tmpfs", NO_SUID | NO_DEV, "mode=1777")
    mount("tmpfs", f"{root}/dev", "tmpfs", NO_SUID, "mode=755")
    os.mkdir(f"{root}/dev/shm")
    mount("tmpfs", f"{root}/dev/shm", "tmpfs", NO_SUID | NO_DEV, "mode=1777")
    for name in DEVICES:
        write(f"{root}/dev/{name}", "")
        mount(f"/dev/{name}", f"{root}/dev/{name}", flags=BIND)
    for name, target in {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}.items():
        os.symlink(f"/proc/self/fd{target}", f"{root}/dev/{name}")
    for target, source in files.items():
        mount(source, target, flags=BIND)
    seal(root, is_mounted=True)
    os.chdir(root)
    checked(libc.pivot_root(b".", b"."), "enter the root")
    checked(libc.umount2(b".", DETACH), "leave the machine's root")


def seal(place: str, *, is_mounted: bool = False) -> None:
    """Make the place read-only, with the options that its file system is mounted with: they may not be dropped."""
    if not is_mounted:
        mount(place, place, flags=BIND | RECURSIVE)
    has = os.statvfs(place).f_flag
    kept = has & (NO_SUID | NO_DEV | NO_EXEC | NO_ACCESS_TIMES | NO_FOLDER_ACCESS_TIMES)
    if has & 4096:  # the kernel's ST_RELATIME
        kept |= RELATIVE_ACCESS_TIMES
    mount("none", place, flags=REMOUNT | BIND | READ_ONLY | kept)


def end_with_first(lived: int) -> None:
    """Have the kernel end this process with the first one, whose end of the pipe tells whether it has ended already."""
    libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if select.select([lived], [], [], 0)[0]:
        os._exit(1)


def become(container: dict[str, Any], lived: int, *, is_mapped: bool) -> NoReturn:
    """Become the container's program, as its user and in its folder; say what stops it, as runtimes do."""
    argv, env = container["argv"], container["env"]
    try:
        os.chdir(container["cwd"])
        if is_mapped:
            os.setgroups(container["user"]["groups"])
        os.setgid(container["user"]["gid"])
        os.setuid(container["user"]["uid"])
    except OSError as error:
        end(CANNOT_EXECUTE, f"cannot start {argv[0]}: {error}")
    end_with_first(lived)  # a change of user has undone it
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)  # Python ignores the first two, and what is ignored stays so
    program = find(argv[0], env.get("PATH", ""))
    if program is None:
        end(NOT_FOUND, f'exec: "{argv[0]}": executable file not found in $PATH')
    try:
        os.execve(program, argv, env)  # noqa: S606 - the container's program
    except OSError as error:
        code = NOT_FOUND if error.errno == errno.ENOENT else CANNOT_EXECUTE
        end(code, f"exec {program}: {os.strerror(error.errno or 0).lower()}")


def find(program: str, path: str) -> str | None:
    """Return where the program lies: a path as it is, a name in the first folder of PATH that can execute it."""
    if "/" in program:
        return program
    places = [f"{folder}/{program}" for folder in path.split(":") if folder]
    return next((one for one in places if os.access(one, os.X_OK) and not os.path.isdir(one)), None)


def end(code: int, said: str) -> NoReturn:
    """End with the code, after a line in the container's log."""
    print(said, file=sys.stderr, flush=True)  # noqa: T201 - the container's log
    os._exit(code)


def wait(child: int) -> NoReturn:
    """End as the program ends, and hand it SIGTERM until then."""

    def hand_on(*_: object) -> None:
        with open(f"/proc/{child}/status") as file:
            caught = next(int(line.split()[1], 16) for line in file if line.startswith("SigCgt"))
        # The kernel keeps a signal that process 1 does not handle from it, and to wait for its end would be in vain.
        os.kill(child, signal.SIGTERM if caught & 1 << signal.SIGTERM - 1 else signal.SIGKILL)

    signal.signal(signal.SIGTERM, hand_on)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os._exit(code if code >= 0 else 128 - code)


def main() -> NoReturn:
    """Run the container that CONTAINER describes, until it ends."""
    container = json.loads(os.environ["CONTAINER"])
    is_mapped = os.geteuid() == 0
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # until there is somebody to hand it to
    try:
        make_user_namespace(container["user"])
        checked(libc.unshare(NEW_PROCESSES | NEW_IPC), "make a namespace of processes")
        lived, living = os.pipe()
        child = os.fork()
    except OSError as error:
        cannot_enter(error)
    if child:
        wait(child)
    os.setsid()
    os.close(living)
    end_with_first(lived)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    try:
        checked(libc.unshare(NEW_MOUNTS), "make a namespace of mounts")
        enter(container["root"], container["files"])
    except OSError as error:
        cannot_enter(error)
    become(container, lived, is_mapped=is_mapped)


def cannot_enter(error: OSError) -> NoReturn:
    """End, and name the remedy where the machine does not allow it."""
    remedy = REMEDY if error.errno in {errno.EPERM, errno.EACCES, errno.ENOSPC} else ""
    end(CANNOT_ENTER, f"cannot enter the image's root: {error.strerror or error}{remedy}")


if __name__ == "__main__":
    main()
