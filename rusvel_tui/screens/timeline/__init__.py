"""What happened and what is planned, with a person or a deal; writing it down."""
