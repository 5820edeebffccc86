"""Judging implementations, in five rooms: what is asked, what it is held against, what explains it, what it comes to, and programs in any language."""
