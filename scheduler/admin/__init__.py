"""The admin: jobs, executions, nodes, tokens."""
