"""The review of a week: what was done, what slipped, what comes."""
