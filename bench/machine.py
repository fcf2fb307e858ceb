"""What figures were taken on, as far as it tells anything without telling whose machine it is."""

from __future__ import annotations

import os
import platform
from importlib import metadata

import pypandoc


def describe() -> dict[str, str | int]:
    """Return facts by name: processors, and the versions of what does the work."""
    return {
        "Python": platform.python_version(),
        "CPUs": os.cpu_count() or 1,
        "MkDocs": metadata.version("mkdocs"),
        "Material": metadata.version("mkdocs-material"),
        "pandoc": pypandoc.get_pandoc_version(),
    }
