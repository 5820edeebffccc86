// Families of rules beside those of correct.mjs; `f` rounds every operation to the format, where the note does not say otherwise.

// rho_t, and the factor of RAdam's step; 1 where the step is momentum's.
function rectified(beta2, t) {
  const last = 2 / (1 - beta2) - 1;
  const rho = last - 2 * t * beta2 ** t / (1 - beta2 ** t);
  return [rho, rho > 5 ? Math.sqrt((rho - 4) * (rho - 2) * last / ((last - 4) * (last - 2) * rho)) : 1];
}

export const families = {
  adamax: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [b1, c1, b2, c2] = [h.beta1, 1 - h.beta1, h.beta2, 1 - h.beta2].map(f);
        const [rate, eps] = [h.lr / (1 - h.beta1 ** t), h.eps].map(f);
        return (x, g, [m, u]) => {
          const now = [f(f(b1 * m) + f(c1 * g)), Math.max(f(b2 * u), f(Math.abs(g) + eps))];
          return [f(x - f(f(rate * now[0]) / now[1])), now];
        };
      },
    },
    wide: {
      note: "Plain numbers; theta uses the state before it is stored.",
      step: (f, h, t) => {
        return (x, g, s) => {
          const [m, u] = [h.beta1 * s[0] + (1 - h.beta1) * g, Math.max(h.beta2 * s[1], Math.abs(g) + h.eps)];
          return [x - h.lr / (1 - h.beta1 ** t) * (m / u), [m, u]];
        };
      },
    },
  },
  adagrad: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h) => {
        return (x, g, [s]) => {
          const now = f(s + f(g * g));
          return [f(x - f(f(f(h.lr) * g) / f(f(Math.sqrt(now)) + f(h.eps)))), [now]];
        };
      },
    },
    wide: {
      note: "Plain numbers; theta uses the sum before it is stored.",
      step: (f, h) => {
        return (x, g, s) => {
          const now = s[0] + g * g;
          return [x - h.lr * (g / (Math.sqrt(now) + h.eps)), [now]];
        };
      },
    },
  },
  adadelta: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h) => {
        const [keep, take, rate, eps] = [h.rho, 1 - h.rho, h.lr, h.eps].map(f);
        return (x, g, [s, u]) => {
          const now = f(f(keep * s) + f(take * f(g * g)));
          const d = f(f(f(Math.sqrt(f(u + eps))) / f(Math.sqrt(f(now + eps)))) * g);
          return [f(x - f(rate * d)), [now, f(f(keep * u) + f(take * f(d * d)))]];
        };
      },
    },
    wide: {
      note: "Plain numbers: binary64 between.",
      step: (f, h) => {
        return (x, g, [s, u]) => {
          const now = h.rho * s + (1 - h.rho) * g * g;
          const d = Math.sqrt(u + h.eps) * g / Math.sqrt(now + h.eps);
          return [x - h.lr * d, [now, h.rho * u + (1 - h.rho) * d * d]];
        };
      },
    },
  },
  nadam: {
    books: {
      note: "As written, each share of the step one number.",
      step: (f, h, t) => {
        const [mu, next] = [t, t + 1].map((n) => h.beta1 * (1 - 0.5 * 0.96 ** (n * h.momentum_decay)));
        const [b1, c1, b2, c2] = [h.beta1, 1 - h.beta1, h.beta2, 1 - h.beta2].map(f);
        const [q1, q2, rate, eps] = [1 - h.beta1 ** t, 1 - h.beta2 ** t, h.lr, h.eps].map(f);
        return (x, g, [m, v, before]) => {
          const product = before * mu;
          const now = [f(f(b1 * m) + f(c1 * g)), f(f(b2 * v) + f(c2 * f(g * g))), f(product)];
          const sum = f(f(f((1 - mu) / (1 - product)) * g) + f(f(next / (1 - product * next)) * now[0]));
          return [f(x - f(f(rate * sum) / f(f(Math.sqrt(f(now[1] / q2))) + eps))), now];
        };
      },
    },
    wide: {
      note: "Plain numbers; theta uses the moments before they are stored.",
      step: (f, h, t) => {
        const [mu, next] = [t, t + 1].map((n) => h.beta1 * (1 - 0.5 * 0.96 ** (n * h.momentum_decay)));
        return (x, g, [m0, v0, before]) => {
          const [m, v, product] = [h.beta1 * m0 + (1 - h.beta1) * g, h.beta2 * v0 + (1 - h.beta2) * g * g, before * mu];
          const sum = (1 - mu) * g / (1 - product) + next * m / (1 - product * next);
          return [x - h.lr * sum / (Math.sqrt(v / (1 - h.beta2 ** t)) + h.eps), [m, v, product]];
        };
      },
    },
  },
  radam: {
    books: {
      note: "As written, the branch chosen once a step.",
      step: (f, h, t) => {
        const [rho, r] = rectified(h.beta2, t);
        const [b1, c1, b2, c2] = [h.beta1, 1 - h.beta1, h.beta2, 1 - h.beta2].map(f);
        const [q1, q2, rate, eps] = [1 - h.beta1 ** t, 1 - h.beta2 ** t, h.lr, h.eps].map(f);
        const [factor, root] = [r, Math.sqrt(1 - h.beta2 ** t)].map(f);
        return (x, g, [m, v]) => {
          const now = [f(f(b1 * m) + f(c1 * g)), f(f(b2 * v) + f(c2 * f(g * g)))];
          const hat = f(now[0] / q1);
          const step = rho > 5 ? f(f(f(factor * hat) * root) / f(f(Math.sqrt(now[1])) + eps)) : hat;
          return [f(x - f(rate * step)), now];
        };
      },
    },
    wide: {
      note: "Plain numbers; theta uses the moments before they are stored.",
      step: (f, h, t) => {
        const [rho, r] = rectified(h.beta2, t);
        return (x, g, [m0, v0]) => {
          const [m, v] = [h.beta1 * m0 + (1 - h.beta1) * g, h.beta2 * v0 + (1 - h.beta2) * g * g];
          const share = rho > 5 ? r * Math.sqrt(1 - h.beta2 ** t) / (Math.sqrt(v) + h.eps) : 1;
          return [x - h.lr / (1 - h.beta1 ** t) * m * share, [m, v]];
        };
      },
    },
  },
  adabelief: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [b1, c1, b2, c2] = [h.beta1, 1 - h.beta1, h.beta2, 1 - h.beta2].map(f);
        const [q1, q2, rate, eps] = [1 - h.beta1 ** t, 1 - h.beta2 ** t, h.lr, h.eps].map(f);
        return (x, g, [m, s]) => {
          const mean = f(f(b1 * m) + f(c1 * g));
          const apart = f(g - mean);
          const now = f(f(f(b2 * s) + f(c2 * f(apart * apart))) + f(h.eps_root));
          return [f(x - f(f(rate * f(mean / q1)) / f(f(Math.sqrt(f(now / q2))) + eps))), [mean, now]];
        };
      },
    },
    wide: {
      note: "Plain numbers; everything before it is stored.",
      step: (f, h, t) => {
        return (x, g, [m0, s0]) => {
          const m = h.beta1 * m0 + (1 - h.beta1) * g;
          const s = h.beta2 * s0 + (1 - h.beta2) * (m - g) ** 2 + h.eps_root;
          return [x - h.lr * (m / (1 - h.beta1 ** t)) / (Math.sqrt(s / (1 - h.beta2 ** t)) + h.eps), [m, s]];
        };
      },
    },
  },
  acprop: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [b1, c1, b2, c2] = [h.beta1, 1 - h.beta1, h.beta2, 1 - h.beta2].map(f);
        const [left, rate, eps] = [1 - h.beta2 ** (t - 1), h.lr, h.eps].map(f);
        return (x, g, [m, s]) => {
          const below = t > 1 ? f(f(Math.sqrt(f(s / left))) + eps) : f(1 + h.eps);
          const mean = f(f(b1 * m) + f(c1 * g));
          const apart = f(g - mean);
          return [f(x - f(rate * f(g / below))), [mean, f(f(f(b2 * s) + f(c2 * f(apart * apart))) + f(h.eps_root))]];
        };
      },
    },
    wide: {
      note: "Plain numbers; the moments first, the second one of before kept for the step.",
      step: (f, h, t) => {
        return (x, g, [m0, s0]) => {
          const m = h.beta1 * m0 + (1 - h.beta1) * g;
          const s = h.beta2 * s0 + (1 - h.beta2) * (m - g) ** 2 + h.eps_root;
          const known = t > 1 ? s0 / (1 - h.beta2 ** (t - 1)) : 1;
          return [x - h.lr * g / (Math.sqrt(known) + h.eps), [m, s]];
        };
      },
    },
  },
  adan: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [b1, c1, b2, c2] = [h.beta1, 1 - h.beta1, h.beta2, 1 - h.beta2].map(f);
        const [q1, q2, rate, eps] = [1 - h.beta1 ** t, 1 - h.beta2 ** t, h.lr, h.eps].map(f);
        const [b3, c3, q3, shrink] = [h.beta3, 1 - h.beta3, 1 - h.beta3 ** t, 1 + h.lr * h.weight_decay].map(f);
        return (x, g, [m, w, n, before]) => {
          const d = t > 1 ? f(g - before) : 0;
          const looked = f(g + f(b2 * d));
          const now = [f(f(b1 * m) + f(c1 * g)), f(f(b2 * w) + f(c2 * d)), f(f(b3 * n) + f(c3 * f(looked * looked))), g];
          const sum = f(f(now[0] / q1) + f(f(b2 * now[1]) / q2));
          return [f(f(x - f(f(rate * sum) / f(f(Math.sqrt(f(now[2] / q3))) + eps))) / shrink), now];
        };
      },
    },
    wide: {
      note: "Plain numbers; theta uses the means before they are stored.",
      step: (f, h, t) => {
        return (x, g, [m0, w0, n0, before]) => {
          const d = t > 1 ? g - before : 0;
          const [m, w] = [h.beta1 * m0 + (1 - h.beta1) * g, h.beta2 * w0 + (1 - h.beta2) * d];
          const n = h.beta3 * n0 + (1 - h.beta3) * (g + h.beta2 * d) ** 2;
          const sum = m / (1 - h.beta1 ** t) + h.beta2 * w / (1 - h.beta2 ** t);
          return [(x - h.lr * sum / (Math.sqrt(n / (1 - h.beta3 ** t)) + h.eps)) / (1 + h.lr * h.weight_decay), [m, w, n, g]];
        };
      },
    },
  },
  ademamix: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [b1, c1, b2, c2] = [h.beta1, 1 - h.beta1, h.beta2, 1 - h.beta2].map(f);
        const [q1, q2, rate, eps] = [1 - h.beta1 ** t, 1 - h.beta2 ** t, h.lr, h.eps].map(f);
        const [b3, c3, mix, decay] = [h.beta3, 1 - h.beta3, h.alpha, h.weight_decay].map(f);
        return (x, g, [m, v, slow]) => {
          const now = [f(f(b1 * m) + f(c1 * g)), f(f(b2 * v) + f(c2 * f(g * g))), f(f(b3 * slow) + f(c3 * g))];
          const step = f(f(f(now[0] / q1) + f(mix * now[2])) / f(f(Math.sqrt(f(now[1] / q2))) + eps));
          return [f(x - f(rate * f(step + f(decay * x)))), now];
        };
      },
    },
    wide: {
      note: "Plain numbers, theta (1 - lr weight_decay) first.",
      step: (f, h, t) => {
        return (x, g, s) => {
          const [m, v] = [h.beta1 * s[0] + (1 - h.beta1) * g, h.beta2 * s[1] + (1 - h.beta2) * g * g];
          const slow = h.beta3 * s[2] + (1 - h.beta3) * g;
          const step = (m / (1 - h.beta1 ** t) + h.alpha * slow) / (Math.sqrt(v / (1 - h.beta2 ** t)) + h.eps);
          return [x * (1 - h.lr * h.weight_decay) - h.lr * step, [m, v, slow]];
        };
      },
    },
  },
  simplified_ademamix: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [b1, c1, b2, c2] = [h.beta1, 1 - h.beta1, h.beta2, 1 - h.beta2].map(f);
        const [q2, rate, eps, mix] = [1 - h.beta2 ** t, h.lr, h.eps, h.alpha].map(f);
        return (x, g, [m, v]) => {
          const now = [f(f(b1 * m) + g), f(f(b2 * v) + f(c2 * f(g * g)))];
          return [f(x - f(f(rate * f(now[0] + f(mix * g))) / f(f(Math.sqrt(f(now[1] / q2))) + eps))), now];
        };
      },
    },
    wide: {
      note: "Plain numbers; theta uses the state before it is stored.",
      step: (f, h, t) => {
        return (x, g, s) => {
          const [m, v] = [h.beta1 * s[0] + g, h.beta2 * s[1] + (1 - h.beta2) * g * g];
          return [x - h.lr * ((h.alpha * g + m) / (Math.sqrt(v / (1 - h.beta2 ** t)) + h.eps)), [m, v]];
        };
      },
    },
  },
  laprop: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [b1, c1, b2, c2] = [h.beta1, 1 - h.beta1, h.beta2, 1 - h.beta2].map(f);
        const [q1, q2, rate, eps] = [1 - h.beta1 ** t, 1 - h.beta2 ** t, h.lr * (1 - h.beta1), h.eps].map(f);
        return (x, g, [m, v]) => {
          const square = f(f(b2 * v) + f(c2 * f(g * g)));
          const mean = f(f(b1 * m) + f(f(rate * g) / f(f(Math.sqrt(f(square / q2))) + eps)));
          return [f(x - f(mean / q1)), [mean, square]];
        };
      },
    },
    wide: {
      note: "Plain numbers; theta uses the state before it is stored.",
      step: (f, h, t) => {
        return (x, g, s) => {
          const v = h.beta2 * s[1] + (1 - h.beta2) * g * g;
          const m = h.beta1 * s[0] + h.lr * (1 - h.beta1) * (g / (Math.sqrt(v / (1 - h.beta2 ** t)) + h.eps));
          return [x - m / (1 - h.beta1 ** t), [m, v]];
        };
      },
    },
  },
  madgrad: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [weight, keep, take, eps] = [h.lr * Math.sqrt(t), h.momentum, 1 - h.momentum, h.eps].map(f);
        return (x, g, [s, n, start]) => {
          const [sum, squares] = [f(s + f(weight * g)), f(n + f(weight * f(g * g)))];
          const z = f(start - f(sum / f(f(Math.cbrt(squares)) + eps)));
          return [f(f(keep * x) + f(take * z)), [sum, squares, start]];
        };
      },
    },
    logarithm: {
      note: "The root is exp(log(n) / 3); the weighted gradient times the gradient.",
      step: (f, h, t) => {
        const [weight, keep, take, eps] = [h.lr * Math.sqrt(t), h.momentum, 1 - h.momentum, h.eps].map(f);
        return (x, g, [s, n, start]) => {
          const [sum, squares] = [f(s + f(weight * g)), f(n + f(f(weight * g) * g))];
          const root = f(Math.exp(f(f(Math.log(squares)) / 3)));
          return [f(f(take * f(start - f(sum / f(root + eps)))) + f(keep * x)), [sum, squares, start]];
        };
      },
    },
  },
  adopt: {
    books: {
      note: "As written, one rounding for each operation; the first update sets v.",
      step: (f, h, t) => {
        const [b1, c1, b2, c2, rate, eps, c] = [h.beta1, 1 - h.beta1, h.beta2, 1 - h.beta2, h.lr, h.eps, (t - 1) ** 0.25].map(f);
        return (x, g, [m, v]) => {
          if (t === 1) return [x, [m, f(g * g)]];
          const clipped = Math.max(-c, Math.min(c, f(g / Math.max(f(Math.sqrt(v)), eps))));
          const mean = f(f(b1 * m) + f(c1 * clipped));
          return [f(x - f(rate * mean)), [mean, f(f(b2 * v) + f(c2 * f(g * g)))]];
        };
      },
    },
    wide: {
      note: "Plain numbers; theta uses the average before it is stored.",
      step: (f, h, t) => {
        const c = Math.sqrt(Math.sqrt(t - 1));
        return (x, g, [m, v]) => {
          if (t === 1) return [x, [m, g * g]];
          const normed = g / Math.max(Math.sqrt(v), h.eps);
          const mean = h.beta1 * m + (1 - h.beta1) * (normed > c ? c : normed < -c ? -c : normed);
          return [x - h.lr * mean, [mean, h.beta2 * v + (1 - h.beta2) * g * g]];
        };
      },
    },
  },
  rprop: {
    books: {
      note: "As written.",
      step: (f, h) => {
        const [less, more, least, most] = [h.eta_minus, h.eta_plus, h.step_min, h.step_max].map(f);
        return (x, g, [delta, before]) => {
          const p = f(g * before);
          const size = p > 0 ? Math.min(f(delta * more), most) : p < 0 ? Math.max(f(delta * less), least) : delta;
          const seen = p < 0 ? 0 : g;
          return [f(x - f(size * Math.sign(seen))), [size, seen]];
        };
      },
    },
    early: {
      note: "Plain numbers; a change of sign returns at once, theta as it is.",
      step: (f, h) => {
        return (x, g, [delta, before]) => {
          if (Math.sign(g) * Math.sign(before) < 0) return [x, [Math.max(h.step_min, h.eta_minus * delta), 0]];
          const size = g !== 0 && before !== 0 ? Math.min(h.step_max, h.eta_plus * delta) : delta;
          return [g > 0 ? x - size : g < 0 ? x + size : x, [size, g]];
        };
      },
    },
  },
  lion: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h) => {
        const [b1, c1, b2, c2] = [h.beta1, 1 - h.beta1, h.beta2, 1 - h.beta2].map(f);
        return (x, g, [m]) => {
          const c = f(f(b1 * m) + f(c1 * g));
          return [f(x - f(f(h.lr) * f(Math.sign(c) + f(f(h.weight_decay) * x)))), [f(f(b2 * m) + f(c2 * g))]];
        };
      },
    },
    wide: {
      note: "Plain numbers, theta (1 - lr weight_decay) first.",
      step: (f, h) => {
        return (x, g, [m]) => [
          x * (1 - h.lr * h.weight_decay) - h.lr * Math.sign(h.beta1 * m + (1 - h.beta1) * g), [h.beta2 * m + (1 - h.beta2) * g],
        ];
      },
    },
  },
  sgdw: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h) => {
        return (x, g, [v]) => {
          const now = f(f(f(h.momentum) * v) + g);
          return [f(f(x - f(f(h.lr * h.weight_decay) * x)) - f(f(h.lr) * now)), [now]];
        };
      },
    },
    wide: {
      note: "Plain numbers, lr (v + weight_decay theta).",
      step: (f, h) => {
        return (x, g, [v]) => {
          const now = h.momentum * v + g;
          return [x - h.lr * (now + h.weight_decay * x), [now]];
        };
      },
    },
  },
  sign_sgd: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h) => (x, g, s) => [f(x - f(f(h.lr) * Math.sign(g))), s],
    },
    branches: {
      note: "lr is taken off, added, or neither.",
      step: (f, h) => (x, g, s) => [g > 0 ? f(x - f(h.lr)) : g < 0 ? f(x + f(h.lr)) : x, s],
    },
  },
  signum: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h) => {
        return (x, g, [m]) => {
          const now = f(f(f(h.beta1) * m) + f(f(1 - h.beta1) * g));
          return [f(x - f(f(h.lr) * Math.sign(now))), [now]];
        };
      },
    },
    wide: {
      note: "Plain numbers; the sign is that of the mean before it is stored.",
      step: (f, h) => {
        return (x, g, [m]) => {
          const now = h.beta1 * m + (1 - h.beta1) * g;
          return [x - h.lr * Math.sign(now), [now]];
        };
      },
    },
  },
  yogi: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h) => {
        const [b1, c1, c2, rate, eps] = [h.beta1, 1 - h.beta1, 1 - h.beta2, h.lr, h.eps].map(f);
        return (x, g, [m, v]) => {
          const square = f(g * g);
          const now = [f(f(b1 * m) + f(c1 * g)), f(v - f(c2 * Math.sign(f(v - square)) * square))];
          return [f(x - f(f(rate * now[0]) / f(f(Math.sqrt(now[1])) + eps))), now];
        };
      },
    },
    wide: {
      note: "Plain numbers; up or down by a choice, theta uses the moments before they are stored.",
      step: (f, h) => {
        return (x, g, s) => {
          const change = (1 - h.beta2) * g * g;
          const v = g * g > s[1] ? s[1] + change : g * g < s[1] ? s[1] - change : s[1];
          const m = h.beta1 * s[0] + (1 - h.beta1) * g;
          return [x - h.lr * (m / (Math.sqrt(v) + h.eps)), [m, v]];
        };
      },
    },
  },
  optimistic_gd: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [rate, both, ahead] = [h.lr, h.alpha + h.beta, h.beta].map(f);
        return (x, g, [before]) => [f(x - f(rate * f(f(both * g) - f(ahead * (t > 1 ? before : g))))), [g]];
      },
    },
    wide: {
      note: "Plain numbers, by the change of the gradient.",
      step: (f, h, t) => (x, g, [before]) => [x - h.lr * (h.alpha * g + (t > 1 ? h.beta * (g - before) : 0)), [g]],
    },
  },
  adamaxw: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [b1, c1, b2, eps] = [h.beta1, 1 - h.beta1, h.beta2, h.eps].map(f);
        const [rate, decay] = [h.lr / (1 - h.beta1 ** t), h.lr * h.weight_decay].map(f);
        return (x, g, [m, u]) => {
          const now = [f(f(b1 * m) + f(c1 * g)), Math.max(f(b2 * u), f(Math.abs(g) + eps))];
          return [f(f(x - f(decay * x)) - f(f(rate * now[0]) / now[1])), now];
        };
      },
    },
    wide: {
      note: "Plain numbers, lr times the sum of step and decay.",
      step: (f, h, t) => {
        return (x, g, s) => {
          const [m, u] = [h.beta1 * s[0] + (1 - h.beta1) * g, Math.max(h.beta2 * s[1], Math.abs(g) + h.eps)];
          return [x - h.lr * (m / (1 - h.beta1 ** t) / u + h.weight_decay * x), [m, u]];
        };
      },
    },
  },
  nadamw: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [b1, c1, b2, c2] = [h.beta1, 1 - h.beta1, h.beta2, 1 - h.beta2].map(f);
        const [next, q1, q2, rate, eps] = [1 - h.beta1 ** (t + 1), 1 - h.beta1 ** t, 1 - h.beta2 ** t, h.lr, h.eps].map(f);
        const decay = f(h.lr * h.weight_decay);
        return (x, g, [m, v]) => {
          const now = [f(f(b1 * m) + f(c1 * g)), f(f(b2 * v) + f(c2 * f(g * g)))];
          const ahead = f(f(f(b1 * now[0]) / next) + f(f(c1 * g) / q1));
          return [f(f(x - f(decay * x)) - f(f(rate * ahead) / f(f(Math.sqrt(f(now[1] / q2))) + eps))), now];
        };
      },
    },
    wide: {
      note: "Plain numbers, theta (1 - lr weight_decay) first.",
      step: (f, h, t) => {
        return (x, g, s) => {
          const [m, v] = [h.beta1 * s[0] + (1 - h.beta1) * g, h.beta2 * s[1] + (1 - h.beta2) * g * g];
          const ahead = h.beta1 / (1 - h.beta1 ** (t + 1)) * m + (1 - h.beta1) / (1 - h.beta1 ** t) * g;
          return [x * (1 - h.lr * h.weight_decay) - h.lr * ahead / (Math.sqrt(v / (1 - h.beta2 ** t)) + h.eps), [m, v]];
        };
      },
    },
  },
};
