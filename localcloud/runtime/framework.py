"""Program of a function's own interpreter: functions-framework, whose workers end with it.

The kernel ends a child of localcloud when localcloud dies, but not what that child forks: a worker of gunicorn in the
middle of a long request would go on, and reach whatever cloud takes its ports next.
"""

from __future__ import annotations

import ctypes
import os
import signal

from functions_framework._cli import _cli

_PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    os.register_at_fork(after_in_child=_end_with_parent)
    _cli(prog_name="functions-framework")
