"""What a build costs: the report under Dossier, and its pages under MkDocs and Material alone."""
