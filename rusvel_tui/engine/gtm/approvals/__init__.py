"""The approval inbox: what waits for a yes, and the verdicts."""
