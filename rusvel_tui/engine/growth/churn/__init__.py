"""Churn: who is lost, who may be next."""
