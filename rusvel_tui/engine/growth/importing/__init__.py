"""Five small CSV files: what is typed elsewhere comes in, and a second time changes nothing."""
