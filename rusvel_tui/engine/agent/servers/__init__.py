"""Programs with tools of their own (MCP servers), as the assistant uses them: after a yes, or when trusted."""
