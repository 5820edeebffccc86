"""What an implementation did against the exact values, in units of the bound: stepwise, in open loop, in closed loop. It names no cause."""
