"""Custom fields: what there is, and what their values must look like."""
