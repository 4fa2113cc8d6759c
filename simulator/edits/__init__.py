"""Random edits on a simulated router, and what each must be found as: a judge that shares no code with the judged."""
