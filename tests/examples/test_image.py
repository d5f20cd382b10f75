"""The layout writer of the serving image; the whole image is built by set-up and served by every drill."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import tarfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


@pytest.fixture
def image(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend("examples/diagnosis/serving")  # where its programs find each other
    spec = importlib.util.spec_from_file_location("serving_image", "examples/diagnosis/serving/image.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def sources(tmp_path: Path) -> list[tuple[str, Path]]:
    (tmp_path / "one.py").write_text("1")
    (tmp_path / "two.py").write_text("22")
    return [("app/two.py", tmp_path / "two.py"), ("app/site/one.py", tmp_path / "one.py")]


def test_a_layer_does_not_depend_on_times_order_or_owner(
    image: ModuleType, sources: list[tuple[str, Path]], tmp_path: Path
) -> None:
    first = image.write_layer(tmp_path, sources)
    os.utime(sources[0][1], (1, 1))

    second = image.write_layer(tmp_path, sources[::-1])

    assert first == second


def test_a_layer_is_stored_under_its_digest_with_its_folders(
    image: ModuleType, sources: list[tuple[str, Path]], tmp_path: Path
) -> None:
    layer = image.write_layer(tmp_path, sources)

    stored = tmp_path / layer["digest"].removeprefix("sha256:")
    assert hashlib.sha256(stored.read_bytes()).hexdigest() == stored.name
    assert stored.stat().st_size == layer["size"]
    with tarfile.open(stored) as tar:
        assert tar.getnames() == ["app", "app/site", "app/site/one.py", "app/two.py"]
