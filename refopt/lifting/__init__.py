"""Foreign code, run on symbols, read as formulas. It knows no framework."""
