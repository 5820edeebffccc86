"""Derivations as pages: terminal, Markdown, LaTeX, HTML; and all of them as a book."""
