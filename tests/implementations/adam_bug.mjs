// Adam behind refopt-harness/1 with one planted bug: v_hat is corrected with beta1 instead of beta2.
// float32 is rounded at every operation.   refopt check -- node tests/implementations/adam_bug.mjs
import { createInterface } from "node:readline";

const DEFAULTS = { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8 };

function step(theta, g, m, v, t, { lr, beta1, beta2, eps }, r) {
  const a = r(beta1), b = r(1 - beta1), c = r(beta2), d = r(1 - beta2), rate = r(lr), tiny = r(eps);
  const correction1 = r(1 - beta1 ** t);
  const correction2 = r(1 - beta1 ** t); // the bug: beta1 where the reference has beta2
  for (let i = 0; i < theta.length; i++) {
    m[i] = r(r(a * m[i]) + r(b * g[i]));
    v[i] = r(r(c * v[i]) + r(d * r(g[i] * g[i])));
    const mHat = r(m[i] / correction1), vHat = r(v[i] / correction2);
    theta[i] = r(theta[i] - r(r(rate * mHat) / r(r(Math.sqrt(vHat)) + tiny)));
  }
}

function run(q) {
  const r = q.dtype === "float32" ? Math.fround : (x) => x;
  const hyper = { ...DEFAULTS };
  for (const name in q.hyper) hyper[name] = Number(q.hyper[name]);
  const params = q.params.map(({ theta0, state0 }, p) => {
    const theta = theta0.map(Number);
    const m = state0 ? state0.m.map(Number) : theta.map(() => 0), v = state0 ? state0.v.map(Number) : theta.map(() => 0);
    const seen = { theta: [], state: [] };
    q.grads.forEach((grads, i) => {
      if (q.lr) hyper.lr = Number(q.lr[i]);
      if (grads[p]) step(theta, grads[p].map(Number), m, v, q.t0 + i, hyper, r);
      if (!q.keep.includes(q.t0 + i)) return;
      seen.theta.push(theta.map(String));
      seen.state.push({ m: m.map(String), v: v.map(String) });
    });
    return seen;
  });
  return { seq: q.seq, params };
}

const rules = { adam: { hyper: Object.keys(DEFAULTS), state: ["m", "v"], resume: true } };
const about = { protocol: 1, implementation: { name: "Adam with a bug", language: "javascript" }, rules, dtypes: ["float64", "float32"] };
for await (const line of createInterface({ input: process.stdin })) {
  const q = JSON.parse(line);
  if (q.cmd === "stop") break;
  console.log(JSON.stringify(q.cmd === "run" ? run(q) : about));
}
