"""No test changes a module: what it needs to be otherwise is a parameter, so that what ships is what is tested."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from localcloud.core import config
from tests.modules_as_they_are import Modules

TESTS = Path(__file__).parents[1]
PATCHING_LIBRARIES = ("unittest.mock", "mock", "pytest_mock")
SETTERS = {"setattr", "delattr"}  # builtins, and methods of pytest's MonkeyPatch under whatever name


def patches(source: str) -> list[str]:
    """Return what in the source, and in programs that it holds as text, changes something imported, with its line."""
    tree = ast.parse(source)
    imported = {name for node in ast.walk(tree) for name in _bound(node)}
    found = [f"line {line}: {what}" for node in ast.walk(tree) for line, what in _found(node, imported)]
    return found + [
        f"line {line}: in a program, {what}" for line, program in _programs(tree) for what in patches(program)
    ]


def _programs(tree: ast.Module) -> list[tuple[int, str]]:
    """Return what the source holds as text and a fresh interpreter could run."""
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [(node.lineno, node.value) for node in texts if "import " in node.value and _is_program(node.value)]


def _is_program(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _bound(node: ast.AST) -> list[str]:
    """Return the names that an import binds."""
    if isinstance(node, ast.Import):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    return [alias.asname or alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []


def _found(node: ast.AST, imported: set[str]) -> list[tuple[int, str]]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        names = [f"{module}{alias.name}" for alias in node.names]
        return [(node.lineno, f"imports {name}") for name in names if f"{name}.".startswith(_LIBRARY_PREFIXES)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SETTERS:
        return [(node.lineno, ast.unparse(node))]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SETTERS:
        return [(node.lineno, ast.unparse(node))] if _root(node.args[0]) in imported else []
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return [(node.lineno, "asks for mocker") for one in node.args.args if one.arg == "mocker"]
    if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load) and _root(node) in imported:
        return [(node.lineno, f"changes {ast.unparse(node)}")]
    return []


_LIBRARY_PREFIXES = tuple(f"{library}." for library in PATCHING_LIBRARIES)


def _root(node: ast.AST) -> str | None:
    """Return the name that a chain of attributes begins with, None when it begins with something else."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def test_no_test_patches_a_module() -> None:
    files = [file for file in sorted(TESTS.rglob("*.py")) if file != Path(__file__)]  # which holds what is refused
    sources = {file.relative_to(TESTS): file.read_text() for file in files}

    found = [f"{name}, {what}" for name, source in sources.items() for what in patches(source)]

    assert len(sources) > 100
    assert found == [], "make what the test shortens or replaces a parameter of the class or function, with its default"


@pytest.mark.parametrize(
    "source",
    [
        "def test(monkeypatch):\n    monkeypatch.setattr('a.b.SECONDS', 1)",
        "def test(monkeypatch):\n    monkeypatch.delattr(a, 'b')",
        "with pytest.MonkeyPatch.context() as patch:\n    patch.setattr(a, 'b', 1)",
        "from unittest import mock",
        "from unittest.mock import patch",
        "import unittest.mock as double",
        "import mock",
        "def test(mocker): ...",
        "import a.b\na.b.SECONDS = 1",
        "from a import b\nb.SECONDS += 1",
        "from a import b as c\ndel c.SECONDS",
        "import a\nsetattr(a.b, 'SECONDS', 1)",
        "import a\na.b, c = 1, 2",
        "import a\nfor a.b in (): ...",
        "PROGRAM = 'import a; a.b = 1'",
    ],
)
def test_a_patch_is_found(source: str) -> None:
    assert len(patches(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "def test(monkeypatch):\n    monkeypatch.setenv('NAME', 'value')",
        "import os\nos.environ['NAME'] = 'value'",
        "from a import B\nb = B()\nb.seconds = 1",
        "import a\nb = a.SECONDS",
        "class A: ...\nA.seconds = 1",
        "import mockito",
        "TEXT = 'what they import = nothing'",
    ],
)
def test_what_changes_no_module_is_allowed(source: str) -> None:
    assert patches(source) == []


@pytest.mark.parametrize(
    "patch",
    [
        "vars(module)['DEFAULT_PROJECT'] = 'x'",
        "module.__dict__.update(DEFAULT_PROJECT='x')",
        "alias = module; alias.DEFAULT_PROJECT = 'x'",
        "set_on = getattr(monkeypatch, 'set' + 'attr'); set_on(module, 'DEFAULT_PROJECT', 'x')",
        "del module.DEFAULT_PROJECT",
        "sys.modules['localcloud.core.config'] = sys",
    ],
)
def test_a_module_that_has_changed_is_noticed_by_whatever_means(patch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dict(vars(config))
    modules = Modules.loaded()

    exec(patch, {"module": config, "monkeypatch": monkeypatch, "sys": sys})  # noqa: S102 - the sample
    found = modules.changed()
    sys.modules["localcloud.core.config"] = config
    vars(config).update(before)

    assert "localcloud.core.config.DEFAULT_PROJECT" in found
    assert modules.changed() == []
