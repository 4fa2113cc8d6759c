"""What each command does. Loaded when it runs: the rest of the house comes with it."""
