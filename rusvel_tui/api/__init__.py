"""HTTP for scripts: the same operations, the same permissions, and never a yes."""
