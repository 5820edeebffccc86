"""Tests of a person's code in a process of its own."""
