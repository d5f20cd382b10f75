#!/usr/bin/env python3
"""Render the tables of every Terraform README from the code: scripts/render_module_docs.py [--check].

Each README under terraform/ has a title that names its folder, and a part between `<!-- tables -->` and
`<!-- /tables -->`: variables, outputs and resources, written here and never typed. With --check nothing is written,
and stale READMEs are named (exit code 1).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TERRAFORM = ROOT / "terraform"
START, END = "<!-- tables -->", "<!-- /tables -->"

BLOCK = re.compile(r'^(?P<kind>variable|output) "(?P<name>\w+)" \{\n(?P<body>.*?)^\}', re.MULTILINE | re.DOTALL)
THING = re.compile(r'^(?P<kind>resource|data|module) "(?P<type>\w+)"(?: "(?P<name>\w+)")? \{', re.MULTILINE)
ARGUMENT = r"^  {name} *= (?P<value>.*?)(?=^  \w|^$|\Z)"


def argument(body: str, name: str) -> str | None:
    """Return an argument's expression on one line, without comments, or None if the block lacks it."""
    found = re.search(ARGUMENT.format(name=name), body, re.MULTILINE | re.DOTALL)
    if not found:
        return None
    lines = (re.sub(r"\s*#.*", "", line).strip() for line in found["value"].splitlines())
    text = " ".join(line for line in lines if line)
    return re.sub(r" +", " ", text)


def on_one_line(expression: str) -> str:
    """Return a type as it is written in a table: members of an object separated by commas."""
    joined = re.sub(r"(?<=[\w)}\"]) (?=\w+ = )", ", ", expression)
    return joined.replace("|", "\\|")


def blocks(folder: Path, file: str) -> list[tuple[str, str]]:
    """Return (name, body) of the variables or outputs in one file of the folder."""
    path = folder / file
    return [(b["name"], b["body"]) for b in BLOCK.finditer(path.read_text())] if path.exists() else []


def description(body: str, where: str) -> str:
    """Return the block's description; raises ValueError when it has none."""
    text = argument(body, "description")
    if not text or not text.endswith('."'):
        raise ValueError(f"{where} has no description that is a sentence with a period")
    return text.strip('"').replace("|", "\\|")


def variable_rows(folder: Path) -> list[str]:
    """Return the table's row of each variable."""
    rows = []
    for name, body in blocks(folder, "variables.tf"):
        default = argument(body, "default")
        told = "required" if default is None else f"`{on_one_line(default)}`"
        sentence = description(body, f"{folder.name}: variable {name}")
        rows.append(f"| `{name}` | {sentence} | `{on_one_line(argument(body, 'type') or 'any')}` | {told} |")
    return rows


def output_rows(folder: Path) -> list[str]:
    """Return the table's row of each output."""
    return [f"| `{n}` | {description(b, f'{folder.name}: output {n}')} |" for n, b in blocks(folder, "outputs.tf")]


def thing_rows(folder: Path) -> list[str]:
    """Return the table's row of each resource, data source and module."""
    rows = []
    for path in sorted(folder.glob("*.tf")):
        for thing in THING.finditer(path.read_text()):
            address = f"module.{thing['type']}" if thing["kind"] == "module" else f"{thing['type']}.{thing['name']}"
            rows.append(f"| `{'data.' if thing['kind'] == 'data' else ''}{address}` | [{path.name}]({path.name}) |")
    return rows


def tables(folder: Path) -> str:
    """Return the tables of the folder; a kind that it has none of is left out."""
    parts = [
        ("| variable | meaning | type | default |\n| --- | --- | --- | --- |", variable_rows(folder)),
        ("| output | meaning |\n| --- | --- |", output_rows(folder)),
        ("| what it makes | where |\n| --- | --- |", thing_rows(folder)),
    ]
    return "\n\n".join("\n".join([head, *rows]) for head, rows in parts if rows)


def title(folder: Path) -> str:
    """Return the first line of the folder's README: a module goes by its name, an environment by its path."""
    return f"# {folder.name}" if folder.parent.name == "modules" else f"# {folder.parent.name}/{folder.name}"


def rendered(readme: Path) -> str:
    """Return the README with the title and tables of the code as it is; raises ValueError when it has no place."""
    text = readme.read_text()
    if START not in text or END not in text:
        raise ValueError(f"{readme.relative_to(ROOT)} lacks the lines {START} and {END}, between which the tables go")
    head, rest = text.split(START, 1)
    written = head.partition("\n")[2]
    return f"{title(readme.parent)}\n{written}{START}\n\n{tables(readme.parent)}\n\n{END}{rest.split(END, 1)[1]}"


def stale() -> list[Path]:
    """Return the READMEs whose tables are not what the code says."""
    return [path for path in sorted(TERRAFORM.glob("*/*/README.md")) if rendered(path) != path.read_text()]


def main(arguments: list[str]) -> int:
    """Write every README, or name the stale ones; return the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: scripts/render_module_docs.py [--check]", file=sys.stderr)
        return 2
    try:
        found = stale()
    except ValueError as error:
        print(f"render_module_docs: {error}", file=sys.stderr)
        return 1
    for path in found:
        if arguments:
            print(f"{path.relative_to(ROOT)} is stale; scripts/render_module_docs.py renders it", file=sys.stderr)
        else:
            path.write_text(rendered(path))
    return 1 if found and arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
