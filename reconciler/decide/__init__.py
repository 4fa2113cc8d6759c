"""Pure decisions: normalise, diff, order, plan, digest, guard, batch, drift.

Nothing here reads a clock, a file or a device; everything is an argument.
"""
