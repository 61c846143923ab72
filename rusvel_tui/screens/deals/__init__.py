"""The deals: the board, one card in full, moving, forecasting."""
