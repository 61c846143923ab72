"""Documents as mails: held for a yes like every mail, and marked as sent when the server took them."""
