"""Charts as lines of text: pure, frozen, and the same without colour; `TextView` draws them like any block."""
