"""What outlives a request: results by content, jobs, and tokens, in one database."""
