"""Completion in the shell: a word list written from the code, a quick search in it, and a few lines for each shell.

A key in a shell must answer at once, so nothing here imports the engine or the parser: `words.json` holds what
they would say. `python -m rusvel_tui.reference` writes it anew.
"""
