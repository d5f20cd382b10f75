"""Lock files carry hashes and no addresses, so that they serve every mirror."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(
    [
        *ROOT.glob("requirements/*.txt"),
        *ROOT.glob("functions/*.txt"),
        *ROOT.glob("examples/**/requirements.txt"),
        *ROOT.glob("localcloud/**/requirements.txt"),
    ]
)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_pin_carries_a_hash_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    pins = re.findall(r"(?m)^([A-Za-z0-9_.\[\]-]+)==", text)
    unhashed = [p for p in re.split(r"(?m)^(?=[A-Za-z0-9_.\[\]-]+==)", text) if "==" in p and "--hash=sha256:" not in p]

    assert pins
    assert not unhashed
    assert not re.search(r"https?://|index-url|find-links", text)


def test_what_is_tested_is_what_ships() -> None:
    def pins(path: str) -> dict[str, str]:
        return dict(re.findall(r"(?m)^([A-Za-z0-9_.-]+)==(\S+)", (ROOT / path).read_text()))

    bundle, development = pins("functions/requirements.txt"), pins("requirements/development.txt")

    assert bundle.items() <= development.items()
