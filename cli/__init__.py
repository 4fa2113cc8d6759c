"""The door for people and pipelines."""
