"""High-precision runs of rules, schedules and objectives, and the certificate of their digits."""
