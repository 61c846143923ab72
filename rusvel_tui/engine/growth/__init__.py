"""The Growth department: funnels, cohorts, KPIs."""
