"""Operations as tools of a model, of MCP and of HTTP: names, schemas, who may call which, and calling one."""
