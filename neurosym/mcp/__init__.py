"""The MCP server: an agent's tools to check its own reasoning (``neurosym mcp``)."""
