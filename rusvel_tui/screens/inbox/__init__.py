"""The approval inbox: boxes of mails, one mail whole, and a verdict with one key."""
