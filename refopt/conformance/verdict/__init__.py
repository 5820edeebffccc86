"""From evidence to a verdict: on one format, on one implementation, on a schedule."""
