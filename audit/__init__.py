"""What the pages weigh, and what Lighthouse and the Nu HTML checker say, beside bare Material."""
