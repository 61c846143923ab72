"""Schedules: what is done at set times, once for each."""
