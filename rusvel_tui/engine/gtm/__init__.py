"""The GoToMarket department: people, deals, outreach, approvals."""
