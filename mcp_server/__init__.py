"""The door for AI clients: tools over the Model Context Protocol, and nothing that approves or writes to a device."""
