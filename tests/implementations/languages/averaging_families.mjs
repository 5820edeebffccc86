// Schedule-free rules and COCOB; `f` rounds every operation to the format, where the note does not say otherwise.

// The share of an update in the average, and the sum of the weights; a number that is one for the tensor stands in every element.
const weighed = (weight, sum) => [sum + weight > 0 ? weight / (sum + weight) : 0, sum + weight];

const towards = (f, share, x, z) => (share < 0.5 ? f(x + f(f(share) * f(z - x))) : f(z + f(f(1 - share) * f(x - z))));

// theta and z after a step of z by `step`: x is found, moved towards the new z, and theta is between the two.
function between(f, h, x, z, share, next) {
  const [part, rest] = [f(h.beta1), f(1 - h.beta1)];
  const before = f(f(x - f(rest * z)) / part);
  const average = f(f(f(1 - share) * before) + f(f(share) * next));
  return [f(f(rest * next) + f(part * average)), next];
}

// Three ways to move theta and z along the direction u at a rate.
const ways = {
  books: {
    note: "As written: x from theta and z, z on, x to it, theta between the two.",
    move: (f, h, x, z, share, rate, u, decay) => between(f, h, x, z, share, f(f(z - f(f(rate * decay) * x)) - f(f(rate) * u))),
  },
  without_x: {
    note: "As the authors' code has it: theta towards the old z by the share, and along the decayed direction; x is never formed.",
    move: (f, h, x, z, share, rate, u, decay) => {
      const all = f(u + f(f(decay) * x));
      return [f(towards(f, share, x, z) + f(f(rate * (h.beta1 * (1 - share) - 1)) * all)), f(z - f(f(rate) * all))];
    },
  },
  steps_from_z: {
    note: "The new x and the new theta as steps from the end that weighs more.",
    move: (f, h, x, z, share, rate, u, decay) => {
      const next = f(z - f(f(rate) * f(f(f(decay) * x) + u)));
      const average = towards(f, share, f(f(x - f(f(1 - h.beta1) * z)) / f(h.beta1)), next);
      return [towards(f, h.beta1, next, average), next];
    },
  },
  wide: {
    note: "Plain numbers, without x; the second moment is used before it is stored.",
    wide: true,
    move: (f, h, x, z, share, rate, u, decay) => {
      const all = u + decay * x;
      return [(1 - share) * x + share * z - rate * (1 - h.beta1 * (1 - share)) * all, z - rate * all];
    },
  },
};

const each = (make) => Object.fromEntries(Object.entries(ways).map(([name, way]) => [name, { note: way.note, step: make(way) }]));

const ofDescent = (way) => (f, h) => (x, g, [z, sum]) => {
  const [share, total] = weighed(h.lr * h.lr, sum);
  const [theta, next] = way.move(f, h, x, z, share, h.lr, g, 0);
  return [theta, [next, total]];
};

// The second moment, and the gradient by its corrected root.
function normed(f, h, t, g, v) {
  const now = f(f(f(h.beta2) * v) + f(f(1 - h.beta2) * f(g * g)));
  return [now, f(g / f(f(Math.sqrt(f(now / f(1 - h.beta2 ** t)))) + f(h.eps)))];
}

const ofAdam = (way) => (f, h, t) => (x, g, [z, v, sum]) => {
  const [share, total] = weighed(h.lr * h.lr, sum);
  const [now, u] = normed(way.wide ? (y) => y : f, h, t, g, v);
  const [theta, next] = way.move(f, h, x, z, share, h.lr, u, h.weight_decay);
  return [theta, [next, now, total]];
};

export const averagingFamilies = {
  schedule_free_sgd: each(ofDescent),
  schedule_free_adamw: each(ofAdam),
  cocob: {
    books: {
      note: "As written, one rounding for each operation.",
      step: (f, h) => (x, g, [scale, sum, reward, away, start]) => {
        const [largest, seen, won] = [Math.max(scale, Math.abs(g)), f(sum + Math.abs(g)), f(reward - f(g * f(x - start)))];
        const [wealth, against] = [Math.max(won, 0), f(away - g)];
        const fraction = f(against / f(largest * Math.max(f(seen + largest), f(f(h.alpha) * largest))));
        return [f(start + f(fraction * f(largest + wealth))), [largest, seen, wealth, against, start]];
      },
    },
    wide: {
      note: "Plain numbers, wealth in units of the scale; theta uses the sums before they are stored.",
      step: (f, h) => (x, g, [scale, sum, reward, away, start]) => {
        const [largest, seen, won] = [Math.max(scale, Math.abs(g)), sum + Math.abs(g), Math.max(reward + g * (start - x), 0)];
        return [(away - g) / Math.max(seen + largest, h.alpha * largest) * (1 + won / largest) + start, [largest, seen, won, away - g, start]];
      },
    },
  },
};
