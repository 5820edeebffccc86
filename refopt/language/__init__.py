"""How mathematics is written: expressions, rules, schedules, objectives, and functions from rules to rules."""
