"""The Growth tab: what is measured, drawn, and what can be recorded."""
