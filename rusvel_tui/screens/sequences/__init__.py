"""The sequences: their list, the editor of steps, the people in them, times and results."""
