"""Trees as source text: one file a backend, one printer with tables of spellings."""
