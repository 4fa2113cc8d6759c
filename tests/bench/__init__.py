"""Figures that the house promises to hold, printed beside their targets: ``python -m tests.bench``."""
