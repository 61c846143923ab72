"""The assistant: what it is told, what it may call, what it proposes, and its conversations."""
