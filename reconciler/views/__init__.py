"""How things look: one row model, then text, Markdown and JSON. Secrets are masked before rendering."""
