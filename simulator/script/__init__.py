"""The simulated router's own reading of console scripts: text to commands, commands to state, state to text."""
