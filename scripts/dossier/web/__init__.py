"""Scripts and the style sheet of cards and explorer, as files that a site serves itself."""


def as_served(script: str) -> str:
    """Return a script of ours without its lines of comment and its indentation.

    They are for who reads the source, and a fifth of its weight. No text in a script of ours runs
    over a line end, so that nothing else is touched.
    """
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"
