"""The recipe of the image that the builds run in: pinned by what it contains, and complete for set-up."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECIPE = (ROOT / "tools" / "Dockerfile").read_text()


def test_every_base_is_pinned_by_its_digest() -> None:
    bases = re.findall(r"(?m)^FROM (\S+)", RECIPE)

    assert len(bases) == 2
    assert [base for base in bases if not re.search(r":[\w.-]+@sha256:[0-9a-f]{64}$", base)] == []


def test_what_is_fetched_is_checked_and_of_the_version_that_its_address_says() -> None:
    fetched = re.findall(r"(?m)^ADD ((?:.*\\\n)*.*)", RECIPE)

    assert len(fetched) == len(re.findall("https://", RECIPE)) == 1
    assert re.search(r"--checksum=sha256:[0-9a-f]{64}", fetched[0])
    version = re.search(r"/terraform/([\d.]+)/terraform_([\d.]+)_linux_amd64\.zip", fetched[0])
    assert version
    assert version[1] == version[2]
    assert tuple(map(int, version[1].split("."))) >= (1, 9)


def test_wheels_come_from_pins_with_hashes() -> None:
    installs = re.findall(r"pip install[^\n]*", RECIPE)

    assert len(installs) == 2
    assert all("--require-hashes" in line for line in installs)
    for file in re.findall(r"requirements/[a-z]+\.txt", re.findall(r"(?m)^COPY (requirements.*)$", RECIPE)[0]):
        assert (ROOT / file).is_file()


def test_it_holds_every_command_that_set_up_asks_for() -> None:
    """Of what set-up would have to install or could not find; the image says so itself when it is built."""
    setup = (ROOT / "scripts" / "setup").read_text()
    asked = set(re.findall(r"(?m)^(?:debian|have) (\w+)", setup))

    assert asked >= {"java", "skopeo", "terraform", "gcloud"}
    assert {command for command in asked if not re.search(rf"\b{command} -*version", RECIPE)} == set()


def test_cloud_build_builds_that_recipe() -> None:
    build = (ROOT / "tools" / "cloudbuild.yaml").read_text()

    assert "tools/Dockerfile" in build
    assert 'images: ["${_TOOLS}"]' in build
