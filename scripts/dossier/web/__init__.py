"""The script and the style sheet of the evidence cards, as files that a site serves itself."""
