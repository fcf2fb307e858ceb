"""What the build of the guides adds: the reference from the code, and the look of the report.

Hooks of MkDocs 1.6 (and ProperDocs). What they add is beside the pages: without them the guides
build too, with Material's own look and without the reference.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parent.parent
# A host loads this file by its path, and knows nothing of the package that it is of.
sys.path.append(str(ROOT))
from dossier import __version__  # noqa: E402
from guides.reference import pages  # noqa: E402

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

# The report's own files, so that both sites look alike and neither has a copy.
SHARED = ("assets/report.css", "assets/report.js", "assets/favicon.svg")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give the guides their address below that of the report, and the version of the engine."""
    if address := os.environ.get("SITE_URL"):
        config.site_url = f"{address.rstrip('/')}/guides/"
    config.extra["version"] = __version__
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages of the reference, and what is shared with the report."""
    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    for path in SHARED:
        files.append(File.generated(config, path, abs_src_path=str(ROOT / "docs" / path)))
    return files


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:  # noqa: ARG001
    """Let templates of the guides include those of the report, as `report/partials/...`."""
    shared = PrefixLoader({"report": FileSystemLoader(ROOT / "overrides")})
    env.loader = ChoiceLoader([loader for loader in (env.loader, shared) if loader])
    return env
