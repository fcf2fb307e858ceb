"""`dossier check`: what is wrong with a project, taken from the last check where nothing changed.

Light to load: a check of what was checked before needs nothing else of the engine.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from dossier import keeping
from dossier.cache import FOLDER, Cache
from dossier.problems import in_order
from dossier.telling import is_unusable, print_problems


def check(options: argparse.Namespace, config: Path) -> int:
    """Print everything that is wrong with a project, and with its built site if asked."""
    root = config.parent.resolve()
    cache, name = Cache(root / FOLDER), "check-" + keeping.digest(config.name)[:16]
    before = keeping.configuration(config)
    if options.site is None:
        kept = keeping.read_check(cache, name, root, before)
        if kept is not None:
            return print_problems(kept, options.format)
    from dossier import commands  # noqa: PLC0415 - only where nothing is kept

    settings, problems = commands.settings_of(config)
    if is_unusable(problems):
        return print_problems(problems, options.format)
    own = keeping.roots_of(settings)
    first = keeping.inputs_digest(root, own, before)
    site = commands.opened(settings)
    _, found = site.finish()
    every = in_order([*problems, *found])
    if keeping.is_keepable(every) and keeping.inputs_digest(root, own, before) == first:
        roots = keeping.roots_of(settings, site.project.watched)
        keeping.write_check(cache, name, keeping.inputs_digest(root, roots, before), roots, every)
    if options.site is not None:
        folder = Path(options.site) if options.site else settings.site
        every = in_order([*every, *commands.site_problems(site, folder)])
    return print_problems(every, options.format)
