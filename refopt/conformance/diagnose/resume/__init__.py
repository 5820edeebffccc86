"""What explains that a state that was saved and loaded goes on otherwise."""
