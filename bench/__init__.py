"""What the engine costs: builds of the report beside bare MkDocs and Material, and its gates."""
