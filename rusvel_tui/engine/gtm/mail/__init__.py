"""Mail that comes in: read, stored, judged, and followed by what it means."""
