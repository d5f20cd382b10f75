"""A program in its container's root: what it is, sees and may do, and what is said when it cannot be."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from localcloud.runtime.serving import enter_root
from localcloud.runtime.serving.command import base_python
from tests.serving_base import serving_base

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534
SYSTEM_PYTHON = "/usr/bin/python3"
"""An interpreter that nobody may execute too: that of the tests may lie in root's home."""


@dataclass(frozen=True)
class Containers:
    """Programs in one root."""

    root: Path
    folder: Path
    program: Path

    def start(
        self, *argv: str, uid: int = 0, cwd: str = "/", before: tuple[str, ...] = (), python: str = ""
    ) -> subprocess.Popen[str]:
        told = {
            "root": str(self.root),
            "argv": argv,
            "env": {"PATH": "/usr/bin:/bin", "NAME": "value"},
            "cwd": cwd,
            "user": {"uid": uid, "gid": 7, "groups": [44]},
            "files": {f"{self.root}/etc/hosts": str(self.folder / "hosts")},
        }
        return subprocess.Popen(
            [*before, python or base_python(), "-I", "-S", str(self.program)],
            env={"CONTAINER": json.dumps(told), "PATH": os.environ["PATH"], "PYTHONPATH": "/nowhere"},
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *argv: str, **how: object) -> tuple[int, str]:
        process = self.start(*argv, **how)  # type: ignore[arg-type] # handed on as they are
        said, _ = process.communicate(timeout=60)
        return process.returncode, said.strip()

    def python(self, source: str, **how: object) -> str:
        code, said = self.run("python3", "-c", source, **how)
        assert code == 0, said
        return said


@pytest.fixture(scope="module")
def containers() -> Iterator[Containers]:
    folder = Path(tempfile.mkdtemp())  # nobody reads it too, and pytest's own folders are their user's alone
    folder.chmod(0o755)
    root = folder / "root"
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(serving_base().layer))) as tar:
        tar.extractall(root, filter="tar")
    for name in ("proc", "dev", "tmp"):
        (root / name).mkdir(exist_ok=True)
    (root / "etc/hosts").touch()
    (root / "only-here").write_text("of the image")
    (root / "private").write_text("of root")
    (root / "private").chmod(0o600)
    (folder / "hosts").write_text("127.0.0.1 localhost\n")
    program = Path(shutil.copy(enter_root.__file__, folder))
    program.chmod(0o644)
    yield Containers(root, folder, program)
    shutil.rmtree(folder)


def test_the_interpreter_is_the_images(containers: Containers) -> None:
    found = containers.python("import sys, os; print(sys.executable, os.path.realpath('/'), open('/only-here').read())")

    assert found == "/usr/bin/python3 / of the image"
    assert not Path("/only-here").exists()


def test_environment_folder_user_and_files_are_as_told(containers: Containers) -> None:
    source = "import os; print(dict(os.environ), os.getcwd(), os.getuid(), os.getgid(), open('/etc/hosts').read())"

    found = containers.python(source, uid=1000, cwd="/usr/lib")

    assert found == "{'PATH': '/usr/bin:/bin', 'NAME': 'value'} /usr/lib 1000 7 127.0.0.1 localhost"


def test_only_tmp_can_be_written(containers: Containers) -> None:
    source = """
import os
for path in ("/tmp/new", "/dev/shm/new", "/new", "/etc/new", "/usr/new", "/proc/sys/kernel/panic"):
    try:
        open(path, "w").write("10")
        print(path, "written")
    except OSError as error:
        print(path, error.strerror)
"""
    written = ["/tmp/new written", "/dev/shm/new written"]  # noqa: S108 - in the container
    refused = [f"{path} Read-only file system" for path in ("/new", "/etc/new", "/usr/new", "/proc/sys/kernel/panic")]

    for _ in range(2):  # what one wrote is not there for the next
        assert containers.python(source).splitlines() == written + refused
    assert not (containers.root / "tmp/new").exists()


def test_it_is_the_first_of_its_own_processes(containers: Containers) -> None:
    source = "import os; print(os.getpid(), [one for one in os.listdir('/proc') if one.isdigit()])"

    assert containers.python(source) == "1 ['1']"


def test_devices_are_those_that_every_container_has(containers: Containers) -> None:
    source = (
        "import os; print(sorted(os.listdir('/dev'))); open('/dev/null', 'w').write('x'); print(len(os.urandom(3)))"
    )

    found = containers.python(source).splitlines()

    assert found == [str(sorted([*enter_root.DEVICES, "fd", "shm", "stderr", "stdin", "stdout"])), "3"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may keep the owners of an image's files")
def test_another_user_may_not_read_what_is_roots(containers: Containers) -> None:
    code, said = containers.run("python3", "-c", "open('/private')", uid=1000)

    assert code == 1
    assert "Permission denied: '/private'" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
@pytest.mark.skipif(not Path(SYSTEM_PYTHON).exists(), reason="needs an interpreter outside of root's home")
@pytest.mark.parametrize("uid", [0, 1000])
def test_whoever_is_not_root_enters_too(containers: Containers, uid: int) -> None:
    become = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")

    found = containers.python(
        "import os; open('/tmp/new', 'w'); print(os.getpid(), os.getuid(), os.getgid())",
        uid=uid,
        before=become,
        python=SYSTEM_PYTHON,
    )

    assert found == f"1 {uid} 7"


@pytest.mark.parametrize(
    ("program", "code", "said"),
    [
        ("nowhere", 127, 'exec: "nowhere": executable file not found in $PATH'),
        ("/usr/nowhere", 127, "exec /usr/nowhere: no such file or directory"),
        ("/etc/passwd", 126, "exec /etc/passwd: permission denied"),
        ("/other-processor", 126, "exec /other-processor: exec format error"),
    ],
)
def test_a_program_that_cannot_run_is_named(containers: Containers, program: str, code: int, said: str) -> None:
    other = containers.root / "other-processor"
    other.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\xff\xff" + bytes(44))  # for no processor there is
    other.chmod(0o755)

    assert containers.run(program) == (code, said)


def test_a_folder_that_is_not_there_is_named(containers: Containers) -> None:
    code, said = containers.run("python3", cwd="/nowhere")

    assert code == 126
    assert "'/nowhere'" in said


def test_it_ends_as_its_program_ends(containers: Containers) -> None:
    assert containers.run("python3", "-c", "raise SystemExit(3)")[0] == 3


@pytest.mark.parametrize(
    ("handles", "code"), [("signal.signal(15, lambda *_: sys.exit(5))", 5), ("pass", 128 + signal.SIGKILL)]
)
def test_a_program_is_asked_to_end_if_it_listens_and_else_ended(
    containers: Containers, handles: str, code: int
) -> None:
    source = f"import signal, sys; {handles}; print('ready', flush=True); signal.pause()"
    process = containers.start("python3", "-c", source)
    assert process.stdout is not None
    process.stdout.readline()

    process.terminate()

    assert process.wait(timeout=60) == code
    process.stdout.close()


def test_nothing_is_left_when_it_is_killed(containers: Containers) -> None:
    process = containers.start("python3", "-c", "import signal; print('ready', flush=True); signal.pause()")
    assert process.stdout is not None
    process.stdout.readline()

    process.kill()

    assert process.stdout.read() == ""  # the end of the pipe: whoever held it is gone
    process.wait(timeout=60)
    process.stdout.close()


def test_where_no_root_can_be_entered_the_remedy_is_named(containers: Containers) -> None:
    """A user namespace whose own limit is 0 stands for a machine that allows none."""
    limit = "echo 0 >/proc/sys/user/max_user_namespaces && exec "
    before = ("unshare", "--user", "--map-root-user", "sh", "-c", limit + '"$@"', "sh")

    code, said = containers.run("python3", before=before, python=sys.executable)

    assert code == 125
    assert said.startswith("cannot enter the image's root: make a user namespace: no space left on device; ")
    assert "sysctl -w user.max_user_namespaces=15000" in said
