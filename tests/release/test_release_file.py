"""The file that names what is published; all that is wrong with it is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from release.release_file import read_release
from vertex_dr.kernel.errors import BadInput, NotFound

EXAMPLE = Path("examples/diagnosis/release.toml")
SPEC = "pipelineInfo:\n  name: fraud-training\n---\nplatforms: {}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a built image and a compiled pipeline."""
    (tmp_path / "image").mkdir()
    (tmp_path / "image" / "index.json").write_text("{}")
    (tmp_path / "pipeline.yaml").write_text(SPEC)
    return tmp_path


def written(folder: Path, text: str) -> Path:
    file = folder / "release.toml"
    file.write_text(text)
    return file


def test_paths_start_at_the_file_and_a_pipeline_has_the_name_that_it_carries(folder: Path) -> None:
    images = (
        '[[images]]\nname = "fraud"\nsource = "image"\n[[images]]\nname = "a/b"\nsource = "docker://ghcr.io/team/b:1"\n'
    )

    found = read_release(written(folder, images + '[[pipelines]]\nspec = "pipeline.yaml"\n'))

    assert [(image.name, image.source) for image in found.images] == [
        ("fraud", str(folder / "image")),
        ("a/b", "docker://ghcr.io/team/b:1"),
    ]
    assert [(one.package, one.content) for one in found.pipelines] == [("fraud-training", SPEC.encode())]


def test_the_example_is_such_a_file() -> None:
    found = read_release(EXAMPLE)

    assert [image.name for image in found.images] == ["diagnosis"]
    assert [pipeline.package for pipeline in found.pipelines] == ["diagnosis-training"]


def test_all_that_is_wrong_is_told_at_once(folder: Path) -> None:
    (folder / "text.yaml").write_text("pipelineInfo: none\n")
    image = '[[images]]\nname = "{}"\nsource = "{}"\n'
    specs = [f'[[pipelines]]\nspec = "{name}"\n' for name in ("pipeline.yaml", "pipeline.yaml", "text.yaml", "no.yaml")]
    text = image.format("Fraud", "image") + image.format("twice", "image") + image.format("twice", "nowhere")

    with pytest.raises(BadInput) as caught:
        read_release(written(folder, text + "".join(specs)))

    for problem in (
        "'Fraud' is no name of an image",
        "twice has no OCI layout in",
        "the image twice is named twice",
        "the pipeline fraud-training is named twice",
        "text.yaml is no compiled pipeline",
        "there is no pipeline spec",
    ):
        assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", r"names neither \[\[images\]\] nor \[\[pipelines\]\]"),
        ("[[images]\n", "Expected"),
        ('[[images]]\nname = "fraud"\n', "missing required field `source`"),
        ('[[image]]\nname = "fraud"\n', "unknown field `image`"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(folder: Path, text: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        read_release(written(folder, text))


def test_a_missing_file_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"FILE=path/to/release\.toml"):
        read_release(tmp_path / "release.toml")
