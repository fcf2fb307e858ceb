"""The import rules of DESIGN.md, read from the code itself."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import dossier

# What is read here does not run.
pytestmark = pytest.mark.no_cover

PACKAGE = Path(dossier.__file__).parent


def named(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Each module or package, lowest first: it may import what stands before its own layer.
LAYERS: tuple[frozenset[str], ...] = (
    named("addresses edits encoding model problems py.typed settings"),
    named(
        """archives assessments bibliography blanks blocking cache calculations captures charsets
        conversion copies directives drift engine_address explorer exports extraction forms
        front_matter handover history html_tree lineage live names numbers origins overlaps
        packing policy proposals public_hosts quotations record_edits records relations
        repository schemas seals series_values site_check standing style syntax tables
        text_fragments validation verification verification_page wording yaml_faults
        yaml_nodes yaml_source yaml_text yaml_tree"""
    ),
    named(
        """assembly carried chart_files charts check citing clusters comparison corrections dataset
        dataset_schema dirty downloads edition examination exhibits freshness gates linked_data
        loading number_gate pdf picture publication quotation_gate quotation_wording
        reference_list search_entries search_index site versions weave"""
    ),
    named(
        """building capturing checking cli commands correcting desk extension fetching hosting
        installation keeping pacing plugin printing review_commands source_commands starting
        telling web"""
    ),
)
# Leaves that are one family: they may import each other, in no circle.
FAMILIES = (
    named(
        """conversion forms front_matter names record_edits records schemas series_values validation
        wording yaml_faults yaml_nodes yaml_source yaml_text yaml_tree"""
    ),
    named("captures copies drift lineage origins relations"),
    named("assessments explorer exports history seals standing tables verification_page wording"),
    named("archives captures copies live overlaps seals verification yaml_text"),
    named("charsets extraction"),
    named("blocking html_tree policy site_check"),
)
# Libraries that one module knows.
ONLY = {
    "bibtexparser": {"bibliography"},
    "pypandoc": {"style"},
    "markdown": {"desk", "extension", "plugin"},
    "mkdocs": {"plugin"},
    "pydantic": {"forms", "validation"},
    "nh3": {"style"},
    "selectolax": {"html_tree"},
    "typst": {"pdf"},
    "yaml": {"yaml_tree", "yaml_faults", "yaml_source", "loading"},
}
NETWORK = {"socket", "http", "urllib.request", "requests", "httpx", "aiohttp", "ftplib", "smtplib"}


@cache
def modules() -> tuple[Path, ...]:
    return tuple(sorted(PACKAGE.rglob("*.py")))


def name_of(path: Path) -> str:
    """The top-level name of a module within the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imported(path: Path) -> frozenset[str]:
    """The dotted names that a module imports, those of the package made absolute."""
    names: set[str] = set()
    parts = ("dossier", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join((*parts[: len(parts) - node.level + 1], *filter(None, [base])))
            names |= {f"{base}.{alias.name}" for alias in node.names} | {base}
    return frozenset(names)


def ours(path: Path) -> set[str]:
    own = name_of(path)
    found = {name.split(".")[1] for name in imported(path) if name.startswith("dossier.")}
    known = {name_of(module) for module in modules()}
    return (found & known) - {own}


def layer(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


def test_every_module_has_its_layer() -> None:
    """A new module is given its place in the order before it is used."""
    placed = frozenset().union(*LAYERS)
    assert {name_of(path) for path in modules()} - {"__init__"} <= placed


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    """Model and problems import nothing of ours, leaves those, and none imports an adapter."""
    name = name_of(path)
    if name == "__init__":
        assert not ours(path)
        return
    family = frozenset().union(*(f for f in FAMILIES if name in f))
    for other in ours(path):
        below = layer(other) < layer(name)
        beside = layer(name) >= 2 and layer(other) == layer(name)
        assert below or other in family or beside, f"{name} imports {other}"


def test_no_circles() -> None:
    """No module reaches itself through what it imports."""
    reached: dict[str, set[str]] = {}
    for path in modules():
        reached.setdefault(name_of(path), set()).update(ours(path))
    for name, direct in reached.items():
        seen: set[str] = set()
        waiting = list(direct)
        while waiting:
            other = waiting.pop()
            if other not in seen:
                seen.add(other)
                waiting += reached.get(other, ())
        assert name not in seen, f"{name} reaches itself"


@pytest.mark.parametrize(("library", "allowed"), ONLY.items())
def test_a_library_is_known_in_one_place(library: str, allowed: set[str]) -> None:
    """Only `plugin` knows mkdocs, `extension` markdown, `bibliography` the BibTeX library."""
    users = {
        name_of(path)
        for path in modules()
        if any(name.split(".")[0] == library for name in imported(path))
    }
    assert users <= allowed


def test_only_fetching_reaches_the_network() -> None:
    """A build never does: one module imports what could, and only the commands import that."""
    for path in modules():
        if name_of(path) == "fetching":
            continue
        assert not {n for n in imported(path) if n in NETWORK or n.split(".")[0] in NETWORK}, path


def test_only_loading_and_adapters_touch_the_disk() -> None:
    """No other module opens, reads or writes a file of the project."""
    touching = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "rglob"}
    allowed = {"loading", "cache", "building", "commands", "extension", "plugin", "style", "cli"}
    allowed |= {"capturing", "source_commands", "fetching", "keeping", "printing", "correcting"}
    allowed |= {"installation", "starting"}
    allowed |= {"repository"}  # what git keeps of a project
    for path in modules():
        if name_of(path) in allowed:
            continue
        called = {
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call)
        }
        assert not called & touching, f"{path} calls {called & touching}"


def test_the_core_neither_prints_nor_logs() -> None:
    """Bad input becomes problems; only adapters speak."""
    for path in modules():
        if layer(name_of(path)) < 3 if name_of(path) != "__init__" else False:
            assert "logging" not in imported(path), path


def test_the_version_stands_once() -> None:
    """The package and pyproject.toml say the same."""
    import tomllib

    project = tomllib.loads((PACKAGE.parent.parent / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == dossier.__version__
