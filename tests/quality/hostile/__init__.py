"""Hostile input, counted: seeded mutations of everything that refopt reads. `python -m tests.quality.hostile --long`.

mutate    how text, bytes and values are spoiled
trial     one attempt, and what is wrong with its outcome
commands  what goes through the command line: logs, known verdicts, old reports, golden folders, random words
wires     answers of programs on both wires
inside    what is handed in from Python: golden documents, states, hyperparameters
kills     builds that are killed
"""
