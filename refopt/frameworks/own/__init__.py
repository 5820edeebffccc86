"""Objects and functions of anybody's, generated code and `refopt.optim`: how they are run, and read on symbols."""
