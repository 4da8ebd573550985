"""Search in candidates: what is asked (parsing), who answers it (finding, facets), who is told (watching)."""
