"""Text of `refopt show adapter`: the whole of what an object needs to be judged."""

from __future__ import annotations

EXAMPLE = '''\
# my_optimizer.py; then: refopt check python:my_optimizer:MyAdam --rule adam
import numpy as np

class MyAdam:
    def init(self, theta):
        return {"m": np.zeros_like(theta), "v": np.zeros_like(theta)}

    def step(self, theta, grad, state, t,
             lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        m = beta1 * state["m"] + (1 - beta1) * grad
        v = beta2 * state["v"] + (1 - beta2) * grad**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
        kept = {"m": m.astype(grad.dtype), "v": v.astype(grad.dtype)}
        return theta.astype(grad.dtype), kept  # any float format, bfloat16 too

# What may stand in the class besides:
#   resumes = False     where the state is only a view: it is then compared,
#                       and never loaded
#   def propose(self, theta, state, t, **hyper):
#       return ...      the point where the next gradient is to be taken, where
#                       that is not theta; it is then judged by these points,
#                       and is in no closed loop
'''
"""A module that can be saved and checked as it stands."""
