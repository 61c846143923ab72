"""Sample data that looks like six weeks of work: everything in it is invented, and made by operations only."""
