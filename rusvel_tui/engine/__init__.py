"""The engine: rules, data and work, without a terminal, an adapter or a network."""
