"""Writes `mkdocs.zensical.yml`: the configuration of the report as Zensical takes it.

Zensical runs no plugin that it does not know, and says nothing of that. So the options of `dossier`
move from the list of plugins to that of the Markdown extensions. Nothing else is changed: variables
of the environment (`!ENV`) stay what they are. It is run in the folder of `mkdocs.yml`, and takes
the folder for the site.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml


class _Variable(yaml.YAMLObject):
    """A value that is taken from the environment, kept as it is written."""

    yaml_tag = "!ENV"
    yaml_loader = yaml.SafeLoader
    yaml_dumper = yaml.SafeDumper

    def __init__(self, node: yaml.Node) -> None:
        self.node = node

    @classmethod
    def from_yaml(cls, _loader: yaml.Loader, node: yaml.Node) -> _Variable:
        return cls(node)

    @classmethod
    def to_yaml(cls, _dumper: yaml.Dumper, data: _Variable) -> yaml.Node:
        return data.node


def moved(text: str, site: str) -> str:
    """Return a configuration with the options of the plugin moved to the extension."""
    config = yaml.safe_load(text)
    ours = [one for one in config["plugins"] if one == "dossier" or "dossier" in list(one)]
    config["plugins"] = [one for one in config["plugins"] if one not in ours]
    config["markdown_extensions"] = [*config.get("markdown_extensions", []), *ours]
    config["site_dir"] = site
    return yaml.safe_dump(config, sort_keys=False, allow_unicode=True)


if __name__ == "__main__":
    target = Path("mkdocs.zensical.yml")
    target.write_text(moved(Path("mkdocs.yml").read_text("utf-8"), *sys.argv[1:]), "utf-8")
