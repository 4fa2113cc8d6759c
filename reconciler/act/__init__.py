"""Effects on devices: one device at its turn, and the rollout that gives turns. Decides nothing."""
