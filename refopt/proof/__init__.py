"""Statements about all points: foreign code is run on symbols, and its formula is proved to be the rule's, or refuted by a witness."""
