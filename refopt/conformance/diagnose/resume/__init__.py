"""Explains why a state that was saved and loaded goes on differently."""
