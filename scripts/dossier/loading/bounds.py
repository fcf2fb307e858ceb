"""How far a project reaches: nothing outside of its repository is read."""

from __future__ import annotations

import os
from pathlib import Path


def boundary(root: Path) -> Path:
    """Return the folder outside of which nothing is read: that of the git repository, else `root`.

    Several sites of one repository may share a bibliography; what lies outside of it is not in
    a clone, and a page could print any file of the machine that builds it.
    """
    whole = Path(os.path.realpath(root))
    return next((folder for folder in (whole, *whole.parents) if (folder / ".git").exists()), whole)


def leads_out(root: Path, path: Path) -> bool:
    """Tell whether a path, with all links followed, leads out of the repository of a project."""
    try:
        return not Path(os.path.realpath(path)).is_relative_to(boundary(root))
    except ValueError:  # a name that no file can have leads nowhere
        return False
