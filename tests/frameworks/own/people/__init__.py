"""Optimizers and schedules as people write them, right ones and wrong ones: not written for refopt."""
