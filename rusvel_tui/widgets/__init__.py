"""Widgets: plain data in, messages out. They know neither the engine's tables nor each other's pages."""
