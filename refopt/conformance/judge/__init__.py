"""Compares an implementation with the exact values, in units of the bound: stepwise, in open loop, in closed loop. It names no cause."""
