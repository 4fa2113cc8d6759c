"""The process: HTTP API, schedules and workers. A door like the command line and the MCP server."""
