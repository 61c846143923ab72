"""Messages as stored: received once, judged by a version, followed by what they mean, answered."""
