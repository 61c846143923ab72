"""Cohorts: who stays, as a matrix, a curve and a projection."""
