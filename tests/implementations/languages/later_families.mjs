// Families of rules beside those of families.mjs; `f` rounds every operation to the format, where the note does not say otherwise.

// The rate of an update, and the share of the newest parameter in the mean.
const averaging = (h, t) => [h.lr / (1 + h.lambd * h.lr * (t - 1)) ** h.alpha, 1 / Math.max(1, t - 1 - h.averaged_after)];

export const laterFamilies = {
  asgd: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [eta, mu] = averaging(h, t);
        const [kept, rate, share] = [1 - h.lambd * eta, eta, mu].map(f);
        return (x, g, [ax]) => {
          const now = f(f(x * kept) - f(rate * g));
          return [now, [f(ax + f(share * f(now - ax)))]];
        };
      },
    },
    penalized: {
      note: "One step on the loss with its penalty.",
      step: (f, h, t) => {
        const [rate, share] = averaging(h, t).map(f);
        return (x, g, [ax]) => {
          const now = f(x - f(rate * f(g + f(f(h.lambd) * x))));
          return [now, [share === 1 ? now : f(ax + f(f(now - ax) * share))]];
        };
      },
    },
    wide: {
      note: "Plain numbers; the mean uses theta before it is stored.",
      step: (f, h, t) => {
        const [eta, mu] = averaging(h, t);
        return (x, g, [ax]) => {
          const now = x - eta * (g + h.lambd * x);
          return [now, [ax + mu * (now - ax)]];
        };
      },
    },
  },
  noisy_sgd: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h, t) => {
        const [rate, sigma] = [h.lr, Math.sqrt(h.noise_variance / t ** h.noise_decay)].map(f);
        return (x, g, s, [noise]) => [f(x - f(rate * f(g + f(sigma * noise)))), s];
      },
    },
    apart: {
      note: "Two steps: one by the gradient, one by the noise.",
      step: (f, h, t) => {
        const [rate, share] = [h.lr, h.lr * Math.sqrt(h.noise_variance / t ** h.noise_decay)].map(f);
        return (x, g, s, [noise]) => [f(f(x - f(rate * g)) - f(share * noise)), s];
      },
    },
    wide: {
      note: "Plain numbers, half the exponent in place of the root.",
      step: (f, h, t) => {
        const sigma = Math.sqrt(h.noise_variance) / t ** (h.noise_decay / 2);
        return (x, g, s, [noise]) => [x - h.lr * (g + sigma * noise), s];
      },
    },
  },
};
