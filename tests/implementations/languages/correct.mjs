// Correct optimizers in JavaScript, each in another algebraic shape: node correct.mjs adam:lerp
//
// f rounds every operation to the format. Where it is left out on purpose the note says so: then binary64 carries the
// intermediate values and the typed array rounds at the store.

import { averagingFamilies } from "./averaging_families.mjs";
import { families } from "./families.mjs";
import { laterFamilies } from "./later_families.mjs";
import { serve } from "./wire.mjs";

// Weighted mean as a step from the end that weighs more.
const lerp = (f, keep, old, now) => (keep >= 0.5 ? f(old + f(f(1 - keep) * f(now - old))) : f(now + f(keep * f(old - now))));

// b^t by repeated squaring.
function power(base, exponent) {
  let result = 1;
  for (let n = exponent; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= base;
    base *= base;
  }
  return result;
}

// b^t as last step's power times b, kept between the steps of a run; made anew where it does not fit.
function running(memory, name, base, t) {
  const old = memory[name];
  const value = old && old.t === t - 1 && old.base === base ? old.value * base : base ** t;
  memory[name] = { t, base, value };
  return value;
}

const moments = (f, h) => {
  const [b1, b2, c1, c2] = [f(h.beta1), f(h.beta2), f(1 - h.beta1), f(1 - h.beta2)];
  return (g, m, v) => [f(f(b1 * m) + f(c1 * g)), f(f(b2 * v) + f(c2 * f(g * g)))];
};

const sgd = {
  books: {
    note: "As written, one rounding for each operation.",
    step: (f, h) => (x, g, s) => [f(x - f(f(h.lr) * g)), s],
  },
  negated: {
    note: "-(lr g - theta).",
    step: (f, h) => (x, g, s) => [-f(f(f(h.lr) * g) - x), s],
  },
  added: {
    note: "theta + (-lr) g.",
    step: (f, h) => (x, g, s) => [f(x + f(f(-h.lr) * g)), s],
  },
  wide: {
    note: "Plain numbers: binary64 between, the typed array rounds at the store.",
    step: (f, h) => (x, g, s) => [x - h.lr * g, s],
  },
  backwards: {
    note: "In place, from the last element to the first.",
    whole: (f, h, t, x, g) => { for (let i = x.length; i-- > 0;) x[i] -= f(f(h.lr) * g[i]); },
  },
};

const momentum = {
  books: {
    note: "As written, one rounding for each operation.",
    step: (f, h) => (x, g, [v]) => {
      const now = f(f(f(h.momentum) * v) + f(f(h.lr) * g));
      return [f(x - now), [now]];
    },
  },
  turned: {
    note: "lr g + momentum v, the operands the other way round, and theta as -(v - theta).",
    step: (f, h) => (x, g, [v]) => {
      const now = f(f(f(h.lr) * g) + f(f(h.momentum) * v));
      return [-f(now - x), [now]];
    },
  },
  subtracted: {
    note: "v = momentum v - (-lr) g.",
    step: (f, h) => (x, g, [v]) => {
      const now = f(f(f(h.momentum) * v) - f(f(-h.lr) * g));
      return [f(x - now), [now]];
    },
  },
  wide: {
    note: "Plain numbers: binary64 between; theta uses v before it is stored.",
    step: (f, h) => (x, g, [v]) => {
      const now = h.momentum * v + h.lr * g;
      return [x - now, [now]];
    },
  },
  in_threes: {
    note: "In place, all velocities first, three elements at a time, then all parameters.",
    whole: (f, h, t, x, g, [v]) => {
      for (let start = 0; start < x.length; start += 3) {
        for (let i = start; i < Math.min(start + 3, x.length); i++) v[i] = f(f(f(h.momentum) * v[i]) + f(f(h.lr) * g[i]));
      }
      x.forEach((value, i) => { x[i] = value - v[i]; });
    },
  },
};

const nesterov = {
  books: {
    note: "As written, one rounding for each operation.",
    step: (f, h) => (x, g, [v]) => {
      const part = f(f(h.lr) * g);
      const now = f(f(f(h.momentum) * v) + part);
      return [f(x - f(f(f(h.momentum) * now) + part)), [now]];
    },
  },
  two_steps: {
    note: "theta - momentum v, then minus lr g.",
    step: (f, h) => (x, g, [v]) => {
      const part = f(f(h.lr) * g);
      const now = f(f(f(h.momentum) * v) + part);
      return [f(f(x - f(f(h.momentum) * now)) - part), [now]];
    },
  },
  gradient_first: {
    note: "theta - lr g, then minus momentum v.",
    step: (f, h) => (x, g, [v]) => {
      const part = f(f(h.lr) * g);
      const now = f(part + f(f(h.momentum) * v));
      return [f(f(x - part) - f(f(h.momentum) * now)), [now]];
    },
  },
  wide: {
    note: "Plain numbers: binary64 between; theta uses v before it is stored.",
    step: (f, h) => (x, g, [v]) => {
      const now = h.momentum * v + h.lr * g;
      return [x - (h.momentum * now + h.lr * g), [now]];
    },
  },
  backwards: {
    note: "In place, from the last element to the first.",
    whole: (f, h, t, x, g, [v]) => {
      for (let i = x.length; i-- > 0;) {
        const part = f(f(h.lr) * g[i]);
        v[i] = f(f(f(h.momentum) * v[i]) + part);
        x[i] = f(x[i] - f(part + f(f(h.momentum) * v[i])));
      }
    },
  },
};

const rmsprop = {
  books: {
    note: "As written: (lr g)/(sqrt(v) + eps).",
    step: (f, h) => (x, g, [v]) => {
      const now = f(f(f(h.rho) * v) + f(f(1 - h.rho) * f(g * g)));
      return [f(x - f(f(f(h.lr) * g) / f(f(Math.sqrt(now)) + f(h.eps)))), [now]];
    },
  },
  quotient_first: {
    note: "lr (g/(sqrt(v) + eps)), and ((1 - rho) g) g.",
    step: (f, h) => (x, g, [v]) => {
      const now = f(f(f(h.rho) * v) + f(f(f(1 - h.rho) * g) * g));
      return [f(x - f(f(h.lr) * f(g / f(f(Math.sqrt(now)) + f(h.eps))))), [now]];
    },
  },
  lerp: {
    note: "The mean as a step from the end that weighs more.",
    step: (f, h) => (x, g, [v]) => {
      const now = lerp(f, h.rho, v, f(g * g));
      return [f(x - f(f(f(h.lr) * g) / f(f(Math.sqrt(now)) + f(h.eps)))), [now]];
    },
  },
  own_rate: {
    note: "(lr/(sqrt(v) + eps)) g: a rate for each element.",
    step: (f, h) => (x, g, [v]) => {
      const now = f(f(f(1 - h.rho) * f(g * g)) + f(f(h.rho) * v));
      return [f(x - f(f(f(h.lr) / f(f(Math.sqrt(now)) + f(h.eps))) * g)), [now]];
    },
  },
  wide: {
    note: "Plain numbers: binary64 between; theta uses v before it is stored.",
    step: (f, h) => (x, g, [v]) => {
      const now = h.rho * v + (1 - h.rho) * g * g;
      return [x - h.lr * g / (Math.sqrt(now) + h.eps), [now]];
    },
  },
};

const adam = {
  books: {
    note: "As written, one rounding for each operation.",
    step: (f, h, t) => {
      const [next, q1, q2] = [moments(f, h), f(1 - h.beta1 ** t), f(1 - h.beta2 ** t)];
      return (x, g, s) => {
        const [m, v] = next(g, ...s);
        return [f(x - f(f(f(h.lr) * f(m / q1)) / f(f(Math.sqrt(f(v / q2))) + f(h.eps)))), [m, v]];
      };
    },
  },
  lerp: {
    note: "Both means as a step from the end that weighs more; b^t by repeated squaring.",
    step: (f, h, t) => {
      const [q1, q2] = [f(1 - power(h.beta1, t)), f(1 - power(h.beta2, t))];
      return (x, g, s) => {
        const [m, v] = [lerp(f, h.beta1, s[0], g), lerp(f, h.beta2, s[1], f(g * g))];
        return [f(x - f(f(f(h.lr) * f(m / q1)) / f(f(Math.sqrt(f(v / q2))) + f(h.eps)))), [m, v]];
      };
    },
  },
  folded: {
    note: "(lr/q1) m/(sqrt(v)/sqrt(q2) + eps): the corrections folded into scalars.",
    step: (f, h, t) => {
      const [next, rate, root] = [moments(f, h), f(h.lr / (1 - h.beta1 ** t)), f(Math.sqrt(1 - h.beta2 ** t))];
      return (x, g, s) => {
        const [m, v] = next(g, ...s);
        return [f(x - f(f(rate * m) / f(f(f(Math.sqrt(v)) / root) + f(h.eps)))), [m, v]];
      };
    },
  },
  rescaled: {
    note: "lr sqrt(q2)/q1 and eps sqrt(q2): epsilon rescaled, so that v needs no correction.",
    step: (f, h, t) => {
      const root = Math.sqrt(1 - h.beta2 ** t);
      const [next, rate, eps] = [moments(f, h), f(h.lr * root / (1 - h.beta1 ** t)), f(h.eps * root)];
      return (x, g, s) => {
        const [m, v] = next(g, ...s);
        return [f(x - f(f(rate * m) / f(f(Math.sqrt(v)) + eps))), [m, v]];
      };
    },
  },
  running: {
    note: "b^t as a running product in binary64.",
    step: (f, h, t, memory) => {
      const [next, q1, q2] = [moments(f, h), f(1 - running(memory, "b1", h.beta1, t)), f(1 - running(memory, "b2", h.beta2, t))];
      return (x, g, s) => {
        const [m, v] = next(g, ...s);
        return [f(x - f(f(h.lr) * f(f(m / q1) / f(f(Math.sqrt(f(v / q2))) + f(h.eps))))), [m, v]];
      };
    },
  },
  wide: {
    note: "Plain numbers: binary64 between; theta uses the moments before they are stored.",
    step: (f, h, t) => (x, g, s) => {
      const m = h.beta1 * s[0] + (1 - h.beta1) * g;
      const v = h.beta2 * s[1] + (1 - h.beta2) * g * g;
      return [x - h.lr * (m / (1 - h.beta1 ** t)) / (Math.sqrt(v / (1 - h.beta2 ** t)) + h.eps), [m, v]];
    },
  },
  in_place: {
    note: "In place, one array after the other, seven elements at a time, from the last block to the first.",
    whole: (f, h, t, x, g, [m, v]) => {
      const [b1, b2, c1, c2] = [f(h.beta1), f(h.beta2), f(1 - h.beta1), f(1 - h.beta2)];
      const [q1, q2] = [f(1 - h.beta1 ** t), f(1 - h.beta2 ** t)];
      for (let start = Math.floor(x.length / 7) * 7; start >= 0; start -= 7) {
        const end = Math.min(start + 7, x.length);
        for (let i = start; i < end; i++) m[i] = f(b1 * m[i]) + f(c1 * g[i]);
        for (let i = start; i < end; i++) v[i] = f(b2 * v[i]) + f(f(c2 * g[i]) * g[i]);
        for (let i = start; i < end; i++) x[i] -= f(f(f(h.lr) * f(m[i] / q1)) / f(f(Math.sqrt(f(v[i] / q2))) + f(h.eps)));
      }
    },
  },
};

const adamw = {
  books: {
    note: "(theta - (lr weight_decay) theta) - step, as written.",
    step: (f, h, t) => {
      const [next, q1, q2, decay] = [moments(f, h), f(1 - h.beta1 ** t), f(1 - h.beta2 ** t), f(h.lr * h.weight_decay)];
      return (x, g, s) => {
        const [m, v] = next(g, ...s);
        return [f(f(x - f(decay * x)) - f(f(f(h.lr) * f(m / q1)) / f(f(Math.sqrt(f(v / q2))) + f(h.eps)))), [m, v]];
      };
    },
  },
  shrunk: {
    note: "theta (1 - lr weight_decay) - step, corrections folded.",
    step: (f, h, t) => {
      const [next, rate, root] = [moments(f, h), f(h.lr / (1 - h.beta1 ** t)), f(Math.sqrt(1 - h.beta2 ** t))];
      const shrink = f(1 - h.lr * h.weight_decay);
      return (x, g, s) => {
        const [m, v] = next(g, ...s);
        return [f(f(x * shrink) - f(f(rate * m) / f(f(f(Math.sqrt(v)) / root) + f(h.eps)))), [m, v]];
      };
    },
  },
  rate_outside: {
    note: "theta - lr (m_hat/(sqrt(v_hat) + eps) + weight_decay theta).",
    step: (f, h, t) => {
      const [next, q1, q2] = [moments(f, h), f(1 - h.beta1 ** t), f(1 - h.beta2 ** t)];
      return (x, g, s) => {
        const [m, v] = next(g, ...s);
        const step = f(f(m / q1) / f(f(Math.sqrt(f(v / q2))) + f(h.eps)));
        return [f(x - f(f(h.lr) * f(step + f(f(h.weight_decay) * x)))), [m, v]];
      };
    },
  },
  decay_last: {
    note: "(theta - step) - lr (weight_decay theta), theta the old one.",
    step: (f, h, t) => {
      const [next, q1, q2] = [moments(f, h), f(1 - h.beta1 ** t), f(1 - h.beta2 ** t)];
      return (x, g, s) => {
        const [m, v] = next(g, ...s);
        const moved = f(x - f(f(f(h.lr) * f(m / q1)) / f(f(Math.sqrt(f(v / q2))) + f(h.eps))));
        return [f(moved - f(f(h.lr) * f(f(h.weight_decay) * x))), [m, v]];
      };
    },
  },
  wide: {
    note: "Plain numbers: binary64 between; theta uses the moments before they are stored.",
    step: (f, h, t) => (x, g, s) => {
      const m = h.beta1 * s[0] + (1 - h.beta1) * g;
      const v = h.beta2 * s[1] + (1 - h.beta2) * g * g;
      return [x - h.lr * h.weight_decay * x - h.lr * (m / (1 - h.beta1 ** t)) / (Math.sqrt(v / (1 - h.beta2 ** t)) + h.eps), [m, v]];
    },
  },
};

const amsgrad = {
  books: {
    note: "As written, one rounding for each operation.",
    step: (f, h, t) => {
      const [next, q1, q2] = [moments(f, h), f(1 - h.beta1 ** t), f(1 - h.beta2 ** t)];
      return (x, g, s) => {
        const [m, v] = next(g, s[0], s[1]);
        const top = Math.max(s[2], v);
        return [f(x - f(f(f(h.lr) * f(m / q1)) / f(f(Math.sqrt(f(top / q2))) + f(h.eps)))), [m, v, top]];
      };
    },
  },
  chosen: {
    note: "The maximum by a comparison; corrections folded.",
    step: (f, h, t) => {
      const [next, rate, root] = [moments(f, h), f(h.lr / (1 - h.beta1 ** t)), f(Math.sqrt(1 - h.beta2 ** t))];
      return (x, g, s) => {
        const [m, v] = next(g, s[0], s[1]);
        const top = v > s[2] ? v : s[2];
        return [f(x - f(f(rate * m) / f(f(f(Math.sqrt(top)) / root) + f(h.eps)))), [m, v, top]];
      };
    },
  },
  of_roots: {
    note: "max(sqrt(v_max), sqrt(v)) for sqrt(max(v_max, v)); epsilon rescaled.",
    step: (f, h, t) => {
      const root = Math.sqrt(1 - h.beta2 ** t);
      const [next, rate, eps] = [moments(f, h), f(h.lr * root / (1 - h.beta1 ** t)), f(h.eps * root)];
      return (x, g, s) => {
        const [m, v] = next(g, s[0], s[1]);
        const largest = Math.max(f(Math.sqrt(s[2])), f(Math.sqrt(v)));
        return [f(x - f(f(rate * m) / f(largest + eps))), [m, v, Math.max(s[2], v)]];
      };
    },
  },
  running: {
    note: "-min(-a, -b) for the maximum; b^t as a running product.",
    step: (f, h, t, memory) => {
      const [next, q1, q2] = [moments(f, h), f(1 - running(memory, "b1", h.beta1, t)), f(1 - running(memory, "b2", h.beta2, t))];
      return (x, g, s) => {
        const [m, v] = next(g, s[0], s[1]);
        const top = -Math.min(-s[2], -v);
        return [f(x - f(f(h.lr) * f(f(m / q1) / f(f(Math.sqrt(f(top / q2))) + f(h.eps))))), [m, v, top]];
      };
    },
  },
  wide: {
    note: "Plain numbers: binary64 between; theta uses everything before it is stored.",
    step: (f, h, t) => (x, g, s) => {
      const m = h.beta1 * s[0] + (1 - h.beta1) * g;
      const v = h.beta2 * s[1] + (1 - h.beta2) * g * g;
      const top = Math.max(s[2], v);
      return [x - h.lr * (m / (1 - h.beta1 ** t)) / (Math.sqrt(top / (1 - h.beta2 ** t)) + h.eps), [m, v, top]];
    },
  },
};

const schedules = {
  "step_decay:books": { note: "As written.", rate: (k, h) => h.lr * h.factor ** Math.floor(k / h.every) },
  "step_decay:falls": {
    note: "Multiplied by the factor at each fall.",
    rate: (k, h) => {
      let lr = h.lr;
      for (let fall = h.every; fall <= k; fall += h.every) lr *= h.factor;
      return lr;
    },
  },
  "exponential:books": { note: "As written.", rate: (k, h) => h.lr * h.factor ** k },
  "exponential:squaring": { note: "The power by repeated squaring.", rate: (k, h) => h.lr * power(h.factor, k) },
  "cosine_annealing:books": {
    note: "As written.",
    rate: (k, h) => h.lr_min + (h.lr - h.lr_min) * (1 + Math.cos(Math.PI * Math.min(k, h.period) / h.period)) / 2,
  },
  "cosine_annealing:half_first": {
    note: "(lr - lr_min)/2 first, then times 1 + cos.",
    rate: (k, h) => h.lr_min + (h.lr - h.lr_min) / 2 * (1 + Math.cos(Math.PI * Math.min(k, h.period) / h.period)),
  },
  "warmup:books": {
    note: "As written.",
    rate: (k, h) => (k < h.warmup_steps ? h.lr * (h.warmup_start + (1 - h.warmup_start) * k / h.warmup_steps) : h.lr),
  },
};

const programs = {};
for (const [rule, table] of Object.entries({ sgd, momentum, nesterov, rmsprop, adam, adamw, amsgrad, ...families, ...laterFamilies, ...averagingFamilies })) {
  for (const [name, program] of Object.entries(table)) programs[`${rule}:${name}`] = { rule, ...program };
}
for (const [name, program] of Object.entries(schedules)) programs[name] = { rule: name.split(":")[0], ...program };
serve(programs);
