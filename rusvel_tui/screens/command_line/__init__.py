"""The `:` line: names of actions and of operations, what can follow, and running what was typed."""
