"""What is kept between builds, and that nothing about it can break one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dossier.cache import Cache

VALUES = ["", "é 𝄞 \u2028", None, 0, [], {"a": [1, {"b": "c"}]}, "\ud800"]


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".gitignore")


@pytest.mark.parametrize("value", VALUES)
def test_a_value_comes_back_as_it_was_written(tmp_path: Path, value: object) -> None:
    """Any JSON value is kept, lone surrogates too."""
    cache = Cache(tmp_path / "deep" / "er")
    cache.write("style-1", value)
    assert Cache(cache.folder).read("style-1") == value


def test_what_was_never_written_is_none(tmp_path: Path) -> None:
    """A folder that does not exist holds nothing, and reading does not make it."""
    assert Cache(tmp_path / "none").read("style-1") is None
    assert not (tmp_path / "none").exists()


def test_the_last_writing_stays(tmp_path: Path) -> None:
    """Writing under a name again replaces the value and leaves no other file."""
    cache = Cache(tmp_path)
    cache.write("style-1", "old")
    cache.write("style-1", "new")
    assert cache.read("style-1") == "new"
    assert _files(tmp_path) == ["style-1.json"]


def test_the_folder_keeps_itself_out_of_git(tmp_path: Path) -> None:
    """A new folder ignores its own content, so that no author commits it."""
    Cache(tmp_path / "kept").write("style-1", 1)
    assert (tmp_path / "kept" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda data: data[:-3], id="cut short"),
        pytest.param(lambda data: data.replace(b"Doe", b"Roe"), id="altered"),
        pytest.param(lambda data: data.partition(b"\n")[2], id="without its hash"),
        pytest.param(lambda _: b"\xff\xfe\x00", id="not text"),
    ],
)
def test_a_damaged_file_is_as_none(tmp_path: Path, damage) -> None:
    """A file that is not whole to the byte is not read, and can be written again."""
    cache = Cache(tmp_path)
    cache.write("style-1", {"label": "Doe 2020"})
    path = tmp_path / "style-1.json"
    path.write_bytes(damage(path.read_bytes()))
    assert cache.read("style-1") is None
    cache.write("style-1", "again")
    assert cache.read("style-1") == "again"


def test_a_hash_over_what_is_not_json_is_as_none(tmp_path: Path) -> None:
    """The hash alone does not make a value: what nests too deeply is not read either."""
    import hashlib

    for body in (b"{", b"[" * 100_000, b"\xff"):
        digest = hashlib.sha256(body).hexdigest().encode()
        (tmp_path / "style-1.json").write_bytes(digest + b"\n" + body)
        assert Cache(tmp_path).read("style-1") is None


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    """Where the folder is a file, writing and reading do nothing."""
    (tmp_path / "cache").write_text("in the way")
    cache = Cache(tmp_path / "cache")
    cache.write("style-1", 1)
    assert cache.read("style-1") is None
    assert (tmp_path / "cache").read_text() == "in the way"


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    """Where a folder stands under the name of the file, no half-written file stays."""
    (tmp_path / "style-1.json").mkdir()
    Cache(tmp_path).write("style-1", 1)
    assert _files(tmp_path) == ["style-1.json"]


def test_a_writing_that_breaks_off_leaves_the_old_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value is in place whole or not at all."""
    cache = Cache(tmp_path)
    cache.write("style-1", "old")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        cache.write("style-1", "new")
    assert cache.read("style-1") == "old"
    assert _files(tmp_path) == ["style-1.json"]


def test_what_is_longest_unused_goes(tmp_path: Path) -> None:
    """Beyond the number kept the files go that were used longest ago, half-written ones too."""
    cache = Cache(tmp_path, keep=3)
    for age, name in enumerate(["style-1", "style-2", "style-3"]):
        cache.write(name, age)
        os.utime(tmp_path / f"{name}.json", ns=(age + 10, age + 10))
    (tmp_path / "left.tmp").write_text("")
    os.utime(tmp_path / "left.tmp", ns=(0, 0))
    (tmp_path / "foreign.txt").write_text("stays")
    assert cache.read("style-1") == 0  # used: no longer the oldest
    cache.write("style-4", 4)
    assert _files(tmp_path) == ["foreign.txt", "style-1.json", "style-3.json", "style-4.json"]


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A", "a.b"])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path, name: str) -> None:
    """Names are our own; one that is not plain is a bug of ours."""
    with pytest.raises(AssertionError):
        Cache(tmp_path).read(name)


def test_a_file_is_a_hash_and_json(tmp_path: Path) -> None:
    """The format is JSON, which runs nothing when it is read."""
    Cache(tmp_path).write("style-1", {"a": "é"})
    Cache(tmp_path).write_each("style-2", iter([{"a": "é"}, ["b"]]))
    for name, values in (("style-1", [{"a": "é"}]), ("style-2", [{"a": "é"}, ["b"]])):
        digest, *lines, rest = (tmp_path / f"{name}.json").read_bytes().split(b"\n")
        assert len(digest) == 64
        assert [json.loads(line) for line in lines] == values
        assert rest == b""
        assert list(Cache(tmp_path).read_each(name)) == values


def test_of_several_values_none_is_read_where_one_is_damaged(tmp_path: Path) -> None:
    """What is kept together belongs together; and one name has one value or several."""
    cache = Cache(tmp_path)
    cache.write_each("style-1", [1, "Doe", 3])
    assert cache.read("style-1") is None
    path = tmp_path / "style-1.json"
    path.write_bytes(path.read_bytes().replace(b"Doe", b"Roe"))
    assert list(cache.read_each("style-1")) == []
