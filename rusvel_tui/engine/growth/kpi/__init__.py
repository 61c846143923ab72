"""KPIs: readings, trends and alerts."""
