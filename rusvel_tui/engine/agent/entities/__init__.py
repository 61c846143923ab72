"""What a person tells the assistant once: agents, skills, rules, and what runs by itself; one registry of kinds."""
