"""Unit tests by room, cases in YAML, laws, the fleet, and the house."""
