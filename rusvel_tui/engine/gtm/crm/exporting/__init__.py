"""People, companies and deals into files that other programs read, and that are imported again as they were."""
