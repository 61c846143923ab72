"""Who goes through a sequence, and how they get from step to step."""
