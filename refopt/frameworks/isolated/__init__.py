"""A person's own code in a process of its own: whatever it does there, it is ended with its whole group, and nothing here is changed."""
