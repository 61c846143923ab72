"""What to do next, and what a text says: rules with their evidence, and a model where one is set up."""
