"""Reading a project from disk: the only package that does."""

from dossier.loading.citation import Citation, read_citation
from dossier.loading.config import locale_of, read_bibliography_option, read_settings
from dossier.loading.pages import (
    UNREAD,
    Source,
    pages_among,
    read_page,
    read_pages,
    read_site,
    shown,
)
from dossier.loading.project import Memory, Project, read_project

__all__ = [
    "UNREAD",
    "Citation",
    "Memory",
    "Project",
    "Source",
    "locale_of",
    "pages_among",
    "read_bibliography_option",
    "read_citation",
    "read_page",
    "read_pages",
    "read_project",
    "read_settings",
    "read_site",
    "shown",
]
