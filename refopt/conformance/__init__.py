"""Judging implementations: adapters run the golden cases, values are compared with exact ones in units of the bound."""
