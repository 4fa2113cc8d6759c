"""The house's own rules: chores that count and tests that hold what no linter can."""
