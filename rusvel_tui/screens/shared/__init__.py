"""What pages are made of: asking, dialogs, pickers, reading, views."""
