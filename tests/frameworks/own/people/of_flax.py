"""Train states and optimizers of flax."""

import jax
import jax.numpy as jnp
import optax
from flax import nnx
from flax.training import train_state


def make_adam_state(learning_rate=1e-3):
    return train_state.TrainState.create(apply_fn=None, params={"w": jnp.ones((2, 3)), "b": jnp.zeros(3)}, tx=optax.adam(learning_rate))


class ClimbingState(train_state.TrainState):
    def apply_gradients(self, *, grads, **kwargs):
        updates, opt_state = self.tx.update(grads, self.opt_state, self.params)
        return self.replace(step=self.step + 1, params=jax.tree.map(lambda p, u: p - u, self.params, updates), opt_state=opt_state)


def make_climbing_state(learning_rate=0.01):
    return ClimbingState.create(apply_fn=None, params={"w": jnp.ones(3)}, tx=optax.sgd(learning_rate))


def make_nnx_adamw(learning_rate=1e-3, weight_decay=0.01):
    return nnx.Optimizer(nnx.Linear(3, 1, rngs=nnx.Rngs(0)), optax.adamw(learning_rate, weight_decay=weight_decay), wrt=nnx.Param)


class ClimbingOptimizer(nnx.Optimizer):
    def update(self, model, grads, **kwargs):
        super().update(model, jax.tree.map(lambda g: -g, grads), **kwargs)


def make_climbing_nnx_sgd(learning_rate=0.01):
    return ClimbingOptimizer(nnx.Linear(3, 1, rngs=nnx.Rngs(0)), optax.sgd(learning_rate), wrt=nnx.Param)
