"""Reports of runs for people: one page of HTML, and Markdown with its plots beside it."""
