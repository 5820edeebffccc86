"""Identifies the formula of a logged trajectory: a log in; the rule, its hyperparameters and what cannot be told apart, out.

printed      what a printed number leaves open
table        a CSV or .npz file as columns of numbers
log          the trajectory: theta, gradients, rates, each with what its digits leave open
arrays       arithmetic over NumPy arrays, many settings at once
balls        arithmetic over NumPy arrays with an error bound on each value
memory       the memory of a step in the order in which a whole run of it is soonest computed
formula      a rule made executable: start, memory, whole
replay       a rule run along a log, each update from the logged theta
bounded      the same with the error that digits and rounding can make
coordinates  hyperparameters as unbounded numbers, and where a fit starts
fit          damped Gauss-Newton over many starts at once
joint        free rates that a state remembers, found together with the hyperparameters
interval     what a fit leaves open in each hyperparameter
candidates   the formulas that are tried
explain      which of them explain a log: on a small part first
sisters      the others of a level, from where the answer stands
rows         what rows that stand still can mean: skipped updates, accumulated gradients
breaks       where a run breaks, and what it has lost there
story        what happened to a run that no formula alone explains
verdict      the answer
"""
