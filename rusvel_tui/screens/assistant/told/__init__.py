"""What the assistant is told and may do: agents, skills, rules, what runs by itself, its tools, its settings."""
