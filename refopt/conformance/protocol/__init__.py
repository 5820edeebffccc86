"""The words between a judge and an implementation: requests, answers, views, saved states, and how one is spelled."""
