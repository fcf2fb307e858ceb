"""Dossier: research reports whose every statement is held against its evidence."""

__version__ = "0.1.0"
