// Optimizers in JavaScript with one thing wrong: node planted.mjs adam:eps_inside_root
//
// The formula that each computes stands in tests/implementations/languages/__init__.py.

import { serve } from "./wire.mjs";

const moments = (f, h) => {
  const [b1, b2, c1, c2] = [f(h.beta1), f(h.beta2), f(1 - h.beta1), f(1 - h.beta2)];
  return (g, m, v) => [f(f(b1 * m) + f(c1 * g)), f(f(b2 * v) + f(c2 * f(g * g)))];
};

serve({
  "momentum:rate_on_everything": {
    rule: "momentum",
    note: "v = lr (momentum v + g): the rate is on the old velocity too.",
    step: (f, h) => (x, g, [v]) => {
      const now = f(f(h.lr) * f(f(f(h.momentum) * v) + g));
      return [f(x - now), [now]];
    },
  },
  "nesterov:ignored": {
    rule: "nesterov",
    note: "theta -= v: plain momentum under Nesterov's name.",
    step: (f, h) => (x, g, [v]) => {
      const now = f(f(f(h.momentum) * v) + f(f(h.lr) * g));
      return [f(x - now), [now]];
    },
  },
  "rmsprop:eps_inside_root": {
    rule: "rmsprop",
    note: "g/sqrt(v + eps).",
    step: (f, h) => (x, g, [v]) => {
      const now = f(f(f(h.rho) * v) + f(f(1 - h.rho) * f(g * g)));
      return [f(x - f(f(f(h.lr) * g) / f(Math.sqrt(f(now + f(h.eps)))))), [now]];
    },
  },
  "adam:eps_inside_root": {
    rule: "adam",
    note: "m_hat/sqrt(v_hat + eps).",
    step: (f, h, t) => {
      const [next, q1, q2] = [moments(f, h), f(1 - h.beta1 ** t), f(1 - h.beta2 ** t)];
      return (x, g, s) => {
        const [m, v] = next(g, ...s);
        return [f(x - f(f(f(h.lr) * f(m / q1)) / f(Math.sqrt(f(f(v / q2) + f(h.eps)))))), [m, v]];
      };
    },
  },
  "adam:precedence": {
    rule: "adam",
    note: "(lr m_hat/sqrt(v_hat)) + eps: a bracket is missing.",
    step: (f, h, t) => {
      const [next, q1, q2] = [moments(f, h), f(1 - h.beta1 ** t), f(1 - h.beta2 ** t)];
      return (x, g, s) => {
        const [m, v] = next(g, ...s);
        return [f(x - f(f(f(f(h.lr) * f(m / q1)) / f(Math.sqrt(f(v / q2)))) + f(h.eps))), [m, v]];
      };
    },
  },
  "adamw:decay_without_rate": {
    rule: "adamw",
    note: "theta - weight_decay theta - step.",
    step: (f, h, t) => {
      const [next, q1, q2] = [moments(f, h), f(1 - h.beta1 ** t), f(1 - h.beta2 ** t)];
      return (x, g, s) => {
        const [m, v] = next(g, ...s);
        return [f(f(x - f(f(h.weight_decay) * x)) - f(f(f(h.lr) * f(m / q1)) / f(f(Math.sqrt(f(v / q2))) + f(h.eps)))), [m, v]];
      };
    },
  },
  "amsgrad:maximum_of_corrected": {
    rule: "amsgrad",
    note: "v_max = max(v_max, v_hat).",
    step: (f, h, t) => {
      const [next, q1, q2] = [moments(f, h), f(1 - h.beta1 ** t), f(1 - h.beta2 ** t)];
      return (x, g, s) => {
        const [m, v] = next(g, s[0], s[1]);
        const top = Math.max(s[2], f(v / q2));
        return [f(x - f(f(f(h.lr) * f(m / q1)) / f(f(Math.sqrt(top)) + f(h.eps)))), [m, v, top]];
      };
    },
  },
  "adagrad:eps_inside_root": {
    rule: "adagrad",
    note: "g/sqrt(s + eps).",
    step: (f, h) => (x, g, [s]) => {
      const now = f(s + f(g * g));
      return [f(x - f(f(f(h.lr) * g) / f(Math.sqrt(f(now + f(h.eps)))))), [now]];
    },
  },
  "lion:zero_is_positive": {
    rule: "lion",
    note: "c >= 0 ? 1 : -1: what has no gradient moves.",
    step: (f, h) => (x, g, [m]) => {
      const c = f(f(f(h.beta1) * m) + f(f(1 - h.beta1) * g));
      const now = f(f(f(h.beta2) * m) + f(f(1 - h.beta2) * g));
      return [f(x - f(f(h.lr) * f((c >= 0 ? 1 : -1) + f(f(h.weight_decay) * x)))), [now]];
    },
  },
  "yogi:eps_inside_root": {
    rule: "yogi",
    note: "m/sqrt(v + eps).",
    step: (f, h) => (x, g, [m, v]) => {
      const square = f(g * g);
      const now = [f(f(f(h.beta1) * m) + f(f(1 - h.beta1) * g)), f(v - f(f(f(1 - h.beta2) * Math.sign(f(v - square))) * square))];
      return [f(x - f(f(f(h.lr) * now[0]) / f(Math.sqrt(f(now[1] + f(h.eps)))))), now];
    },
  },
  "adamaxw:correction_forgotten": {
    rule: "adamaxw",
    note: "lr m/u: the first moment is not corrected.",
    step: (f, h) => (x, g, [m, u]) => {
      const now = [f(f(f(h.beta1) * m) + f(f(1 - h.beta1) * g)), Math.max(f(f(h.beta2) * u), f(Math.abs(g) + f(h.eps)))];
      return [f(f(x - f(f(h.lr * h.weight_decay) * x)) - f(f(f(h.lr) * now[0]) / now[1])), now];
    },
  },
  "cosine_annealing:degrees": {
    rule: "cosine_annealing",
    note: "cos(180 k/period): degrees where radians are meant.",
    rate: (k, h) => h.lr_min + (h.lr - h.lr_min) * (1 + Math.cos(180 * Math.min(k, h.period) / h.period)) / 2,
  },
});
