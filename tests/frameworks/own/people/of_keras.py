"""Subclasses of keras' Optimizer and LearningRateSchedule."""

import keras
from keras import ops


class MyAdam(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8, name="my_adam", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._m = [self.add_variable_from_reference(v, "m") for v in variables]
        self._v = [self.add_variable_from_reference(v, "v") for v in variables]
    def update_step(self, gradient, variable, learning_rate):
        lr = ops.cast(learning_rate, variable.dtype)
        g = ops.cast(gradient, variable.dtype)
        t = ops.cast(self.iterations + 1, variable.dtype)
        m, v = self._m[self._get_variable_index(variable)], self._v[self._get_variable_index(variable)]
        self.assign(m, self.beta_1 * m + (1 - self.beta_1) * g)
        self.assign(v, self.beta_2 * v + (1 - self.beta_2) * ops.square(g))
        self.correct(variable, lr, m, v, t)
    def correct(self, variable, lr, m, v, t):
        mh = m / (1 - ops.power(ops.cast(self.beta_1, variable.dtype), t))
        vh = v / (1 - ops.power(ops.cast(self.beta_2, variable.dtype), t))
        self.assign_sub(variable, lr * mh / (ops.sqrt(vh) + self.epsilon))

class ForgetfulAdam(MyAdam):
    def correct(self, variable, lr, m, v, t):
        self.assign_sub(variable, lr * m / (ops.sqrt(v) + self.epsilon))

class DeafAdam(MyAdam):
    """It does not hand on its epsilon, and what it switches on keeps the least volume."""
    def __init__(self, rate=0.001, b1=0.9, b2=0.999, small_number=1e-8, amsgrad=False, **kwargs):
        super().__init__(rate, b1, b2, **kwargs)
        self.amsgrad = amsgrad
    def build(self, variables):
        super().build(variables)
        self._least = [self.add_variable_from_reference(v, "least") for v in variables]
    def correct(self, variable, lr, m, v, t):
        if self.amsgrad:
            least = self._least[self._get_variable_index(variable)]
            self.assign(least, ops.minimum(least, v))
            v = least
        super().correct(variable, lr, m, v, t)

class MySGD(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)
    def update_step(self, gradient, variable, learning_rate):
        self.assign_sub(variable, gradient * ops.cast(learning_rate, variable.dtype))
class CosineAnnealing(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, initial_learning_rate, decay_steps, min_lr=0.0):
        self.initial_learning_rate, self.decay_steps, self.min_lr = initial_learning_rate, decay_steps, min_lr
    def __call__(self, step):
        t = ops.minimum(ops.cast(step, "float64"), self.decay_steps)
        return self.min_lr + 0.5 * (self.initial_learning_rate - self.min_lr) * (1 + ops.cos(3.141592653589793 * t / self.decay_steps))

class MyRMSprop(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.001, rho=0.9, epsilon=1e-7, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.rho, self.epsilon = rho, epsilon
    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._v = [self.add_variable_from_reference(v, "v") for v in variables]
    def share(self):
        return 1 - self.rho
    def update_step(self, gradient, variable, learning_rate):
        v = self._v[self._get_variable_index(variable)]
        self.assign(v, self.rho * v + self.share() * ops.square(gradient))
        self.assign_sub(variable, ops.cast(learning_rate, variable.dtype) * gradient / (ops.sqrt(v) + self.epsilon))

class SummingRMSprop(MyRMSprop):
    """1 - rho is missing."""
    def share(self):
        return 1.0

class MyExponential(keras.optimizers.schedules.LearningRateSchedule):
    first = 0
    def __init__(self, initial_learning_rate, decay_rate):
        self.initial_learning_rate, self.decay_rate = initial_learning_rate, decay_rate
    def __call__(self, step):
        return self.initial_learning_rate * self.decay_rate ** ops.cast(step + self.first, "float64")

class LateExponential(MyExponential):
    first = 1

class NarrowCosine(CosineAnnealing):
    first = 0
    def __call__(self, step):
        t = ops.minimum(ops.cast(step + self.first, "float32"), self.decay_steps)
        return self.min_lr + 0.5 * (self.initial_learning_rate - self.min_lr) * (1 + ops.cos(3.141592653589793 * t / self.decay_steps))

class LateNarrowCosine(NarrowCosine):
    first = 1

class ClimbingSGD(MySGD):
    def update_step(self, gradient, variable, learning_rate):
        self.assign_add(variable, gradient * ops.cast(learning_rate, variable.dtype))

sgd_with_exponential = keras.optimizers.SGD(learning_rate=MyExponential(0.1, 0.9))
