"""Explains a failure: variants, edits, causes, and the order in which they are tried. It knows no framework."""
