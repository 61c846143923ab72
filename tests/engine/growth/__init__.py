"""Tests of growth: funnels, cohorts, KPIs, alerts, churn, recurring money, imports."""
