"""Language of the mathematics: expressions, rules, schedules, objectives, and functions from rules to rules."""
