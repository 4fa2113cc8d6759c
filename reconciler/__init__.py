"""Decide, then act: plans are computed without effects and carried out without decisions."""
