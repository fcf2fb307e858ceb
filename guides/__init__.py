"""The guides for authors and maintainers: a site of its own, beside the report."""
