"""What comes of sequences: counts, what may be said about them, and the guard that stops a bad one."""
