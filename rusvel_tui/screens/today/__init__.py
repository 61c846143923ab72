"""What a person does today, one line each; the card of a task or a call."""
