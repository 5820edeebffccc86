"""The question of `prove`: is an implementation's own code the rule, for all inputs? Equal, different with a witness, or unreadable."""
