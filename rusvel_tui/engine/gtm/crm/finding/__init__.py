"""Search, and filters over the tables of the CRM."""
