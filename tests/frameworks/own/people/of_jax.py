"""optax chains, a transformation of one's own, and training steps of JAX."""

import dataclasses
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax


def my_adamw(learning_rate=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=1e-2):
    return optax.chain(optax.scale_by_adam(b1=b1, b2=b2, eps=eps), optax.add_decayed_weights(weight_decay), optax.scale(-learning_rate))


def wrong_order(learning_rate=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=1e-2):
    """The decay comes before Adam: it goes through the moments."""
    return optax.chain(optax.add_decayed_weights(weight_decay), optax.scale_by_adam(b1=b1, b2=b2, eps=eps), optax.scale(-learning_rate))


def decay_beside_the_rate(learning_rate=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=1e-2):
    """The decay comes after the rate, which it does not see then."""
    return optax.chain(optax.scale_by_adam(b1=b1, b2=b2, eps=eps), optax.scale(-learning_rate), optax.add_decayed_weights(-weight_decay))


class RmsState(NamedTuple):
    nu: Any


def scale_by_my_rms(decay=0.9, eps=1e-8):
    def init(params):
        return RmsState(jax.tree.map(jnp.zeros_like, params))

    def update(updates, state, params=None):
        nu = jax.tree.map(lambda g, n: decay * n + (1 - decay) * g * g, updates, state.nu)
        return jax.tree.map(lambda g, n: g / (jnp.sqrt(n) + eps), updates, nu), RmsState(nu)

    return optax.GradientTransformation(init, update)


def my_rmsprop(lr=0.01, decay=0.9, eps=1e-8):
    return optax.chain(scale_by_my_rms(decay, eps), optax.scale(-lr))


def deaf_adam(step_size=1e-3, b1=0.9, b2=0.999, epsilon=1e-8, amsgrad=False):
    """It does not hand on its epsilon."""
    return (optax.amsgrad if amsgrad else optax.adam)(step_size, b1, b2)


injected_momentum = optax.inject_hyperparams(optax.sgd)(learning_rate=0.1, momentum=0.9)


@jax.jit
def adam_train_step(params, grads, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, grads)
    v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g**2, v, grads)
    m_hat = jax.tree.map(lambda m: m / (1 - b1**t), m)
    v_hat = jax.tree.map(lambda v: v / (1 - b2**t), v)
    params = jax.tree.map(lambda p, m, v: p - lr * m / (jnp.sqrt(v) + eps), params, m_hat, v_hat)
    return params, m, v


sgd_of_mine = optax.sgd(0.1)


@jax.jit
def sgd_train_step(params, opt_state, grads):
    updates, opt_state = sgd_of_mine.update(grads, opt_state, params)
    return optax.apply_updates(params, updates), opt_state


@jax.jit
def sgd_train_step_wrong(params, opt_state, grads):
    """The updates are subtracted once more."""
    updates, opt_state = sgd_of_mine.update(grads, opt_state, params)
    return jax.tree.map(lambda p, u: p - u, params, updates), opt_state


@jax.jit
def late_velocity(params, grads, velocity, lr=0.01, momentum=0.9):
    """The parameters move by the velocity of the update before."""
    new_velocity = jax.tree.map(lambda v, g: momentum * v + lr * g, velocity, grads)
    return jax.tree.map(lambda p, v: p - v, params, velocity), new_velocity


def exponential_of_jax(count, init_value, decay_rate):
    return init_value * decay_rate ** jnp.asarray(count, float)


warm = optax.warmup_cosine_decay_schedule(0.0, 0.1, 10, 110)


every_step = optax.MultiSteps(optax.sgd(0.125), every_k_schedule=1)
"""A wrapper of optax' own that is no pair of functions."""


adam_with_cosine = optax.adam(optax.cosine_decay_schedule(1e-3, 100))


def make_adam_with_exponential(peak_lr=1e-3, decay_rate=0.9, b1=0.9):
    return optax.adam(lambda count: peak_lr * decay_rate**count, b1=b1)


def sgd_with_exponential(init_value=0.1, decay_rate=0.9):
    return optax.sgd(lambda count: init_value * decay_rate**count)


def uphill_with_late_schedule(init_value=0.1, decay_rate=0.9):
    """Its schedule is one step late, and the sign of the rate is forgotten."""
    return optax.scale_by_schedule(lambda count: init_value * decay_rate ** (count + 1))


injected_with_cosine = optax.inject_hyperparams(optax.sgd)(learning_rate=optax.cosine_decay_schedule(1e-3, 100))


@jax.jit
def momentum_train_step(params, grads, velocity, lr=0.01, mu=0.9):
    velocity = jax.tree.map(lambda v, g: mu * v + lr * g, velocity, grads)
    return jax.tree.map(lambda p, v: p - v, params, velocity), velocity


@jax.jit
def damped_train_step(params, grads, velocity, lr=0.01, mu=0.9):
    """1 - mu before the gradient."""
    velocity = jax.tree.map(lambda v, g: mu * v + (1 - mu) * lr * g, velocity, grads)
    return jax.tree.map(lambda p, v: p - v, params, velocity), velocity


def init_momentum(params):
    return jax.tree.map(jnp.zeros_like, params)


@jax.jit
def momentum_of_carry(carry, grads, lr=0.01, mu=0.9):
    """Parameters and velocities in one argument."""
    params, velocity = carry
    velocity = jax.tree.map(lambda v, g: mu * v + lr * g, velocity, grads)
    return jax.tree.map(lambda p, v: p - v, params, velocity), velocity


def late_exponential_of_jax(count, init_value, decay_rate):
    return init_value * decay_rate ** jnp.asarray(count + 1, float)


class TrainState(NamedTuple):
    """As flax has it."""

    step: int
    params: Any
    tx: optax.GradientTransformation
    opt_state: Any

    def apply_gradients(self, *, grads):
        updates, opt_state = self.tx.update(grads, self.opt_state, self.params)
        return self._replace(step=self.step + 1, params=optax.apply_updates(self.params, updates), opt_state=opt_state)


class ClimbingTrainState(TrainState):
    """It subtracts the updates of its transformation."""

    def apply_gradients(self, *, grads):
        updates, opt_state = self.tx.update(grads, self.opt_state, self.params)
        return self._replace(step=self.step + 1, params=jax.tree.map(lambda p, u: p - u, self.params, updates), opt_state=opt_state)


def make_climbing_train_state(learning_rate=0.01):
    params, tx = {"w": jnp.zeros(3)}, optax.sgd(learning_rate)
    return ClimbingTrainState(0, params, tx, tx.init(params))


@dataclasses.dataclass(frozen=True)
class AveragingTrainState:
    """It keeps an average of its parameters, from its third update on."""

    params: Any
    tx: optax.GradientTransformation
    opt_state: Any
    average: Any
    step: int = 0

    def apply_gradients(self, *, grads):
        updates, opt_state = self.tx.update(grads, self.opt_state, self.params)
        params = optax.apply_updates(self.params, updates)
        share = jnp.where(self.step < 3, 1.0, 0.1)
        average = jax.tree.map(lambda a, p: a + share * (p - a), self.average, params)
        return dataclasses.replace(self, params=params, opt_state=opt_state, average=average, step=self.step + 1)


def make_averaging_train_state(learning_rate=0.01, momentum=0.9):
    params, tx = {"w": jnp.ones(3), "b": jnp.ones(2)}, optax.sgd(learning_rate, momentum=momentum)
    return AveragingTrainState(params, tx, tx.init(params), params)


def make_train_state():
    params, tx = {"w": jnp.zeros(3)}, my_rmsprop(lr=0.05)
    return TrainState(0, params, tx, tx.init(params))


def adamw_on_matrices(learning_rate=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=1e-2):
    """The usual mask: biases and scales are left alone."""
    return optax.adamw(learning_rate, b1, b2, eps, weight_decay=weight_decay, mask=lambda params: jax.tree.map(lambda p: p.ndim > 1, params))
