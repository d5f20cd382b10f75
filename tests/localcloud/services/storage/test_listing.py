"""Behaviour 9: lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from google.cloud import storage

NAMES = ["a.txt", "b/", "b/1.txt", "b/2.csv", "b/c/3.txt", "b/c/4.txt", "d.csv", "e/5.txt"]


@pytest.fixture
def filled(bucket: storage.Bucket) -> storage.Bucket:
    for name in NAMES:
        bucket.blob(name).upload_from_string(name)
    return bucket


def listed(bucket: storage.Bucket, **options: Any) -> tuple[list[str], list[str]]:
    found = bucket.list_blobs(**options)
    names = [blob.name for blob in found]
    return names, sorted(found.prefixes)


@pytest.mark.parametrize(
    ("options", "names", "prefixes"),
    [
        ({}, NAMES, []),
        ({"prefix": "b/"}, NAMES[1:6], []),
        ({"delimiter": "/"}, ["a.txt", "d.csv"], ["b/", "e/"]),
        ({"prefix": "b/", "delimiter": "/"}, ["b/", "b/1.txt", "b/2.csv"], ["b/c/"]),
        ({"delimiter": "/", "include_trailing_delimiter": True}, ["a.txt", "b/", "d.csv"], ["b/", "e/"]),
        ({"start_offset": "b/2", "end_offset": "d"}, ["b/2.csv", "b/c/3.txt", "b/c/4.txt"], []),
        ({"match_glob": "b/*.txt"}, ["b/1.txt"], []),
        ({"match_glob": "**/*.{csv,xls}"}, ["b/2.csv"], []),
        ({"match_glob": "**.csv"}, ["b/2.csv", "d.csv"], []),
        ({"match_glob": "?.[ct]*"}, ["a.txt", "d.csv"], []),
        ({"prefix": "absent"}, [], []),
    ],
)
def test_a_list_holds(filled: storage.Bucket, options: dict[str, Any], names: list[str], prefixes: list[str]):
    assert listed(filled, **options) == (names, prefixes)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("options", [{}, {"delimiter": "/"}, {"prefix": "b/", "delimiter": "/"}])
def test_pages_add_up_to_the_whole_list(filled: storage.Bucket, options: dict[str, Any], size: int):
    pages = [len(list(page)) for page in filled.list_blobs(page_size=size, **options).pages]

    assert listed(filled, page_size=size, **options) == listed(filled, **options)
    assert max(pages) <= size


def test_all_generations_are_listed_oldest_first(versioned: storage.Bucket):
    generations = []
    for number in range(3):
        blob = versioned.blob("again")
        blob.upload_from_string(f"{number}")
        generations.append(blob.generation)

    found = list(versioned.list_blobs(versions=True, page_size=1))

    assert [blob.generation for blob in found] == generations
    assert [blob.time_deleted is None for blob in found] == [False, False, True]


def test_a_name_that_another_begins_with_keeps_its_generations_together(versioned: storage.Bucket):
    for name in ("a", "a b", "a"):
        versioned.blob(name).upload_from_string(name)

    assert [blob.name for blob in versioned.list_blobs(versions=True)] == ["a", "a", "a b"]
