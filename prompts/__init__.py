"""Prompt templates for AI clients: YAML and Jinja2, read as package data."""
