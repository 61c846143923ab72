"""Funnels: stages with typed counts, and steps that are events of people."""
