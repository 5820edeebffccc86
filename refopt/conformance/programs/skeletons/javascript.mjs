// Speaks refopt-harness/1: one JSON object a line, numbers as strings.   refopt check -- node adam.mjs
import { createInterface } from "node:readline";
const DEFAULTS = { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8 }, STATE = ["m", "v"];

// ---- your formula: one update of whole arrays, in place; storing into a Float32Array rounds -----
function step(theta, g, { m, v }, t, { lr, beta1, beta2, eps }) {
  for (let i = 0; i < theta.length; i++) {
    m[i] = beta1 * m[i] + (1 - beta1) * g[i];
    v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
    const mHat = m[i] / (1 - beta1 ** t), vHat = v[i] / (1 - beta2 ** t);
    theta[i] -= (lr * mHat) / (Math.sqrt(vHat) + eps);
  }
}
// -------------------------------------------------------------------------------------------------

function run(q) {
  const numbers = (x) => (q.dtype === "float32" ? Float32Array : Float64Array).from(x, Number), texts = (x) => Array.from(x, String);
  const hyper = { ...DEFAULTS };
  for (const name in q.hyper) hyper[name] = Number(q.hyper[name]);
  const params = q.params.map(({ theta0, state0 }, p) => {
    const theta = numbers(theta0), seen = { theta: [], state: [] };
    const state = Object.fromEntries(STATE.map((name) => [name, numbers(state0 ? state0[name] : theta0.map(() => 0))]));
    q.grads.forEach((grads, i) => {
      if (q.lr) hyper.lr = Number(q.lr[i]);
      if (grads[p]) step(theta, numbers(grads[p]), state, q.t0 + i, hyper);
      if (!q.keep.includes(q.t0 + i)) return;
      seen.theta.push(texts(theta));
      seen.state.push(Object.fromEntries(STATE.map((name) => [name, texts(state[name])])));
    });
    return seen;
  });
  return { seq: q.seq, params };
}
const rules = { adam: { hyper: Object.keys(DEFAULTS), state: STATE, resume: true } }, implementation = { name: "my Adam", language: "javascript" };
for await (const line of createInterface({ input: process.stdin })) {
  const q = JSON.parse(line);
  if (q.cmd === "stop") break;
  console.log(JSON.stringify(q.cmd === "run" ? run(q) : { protocol: 1, implementation, rules, dtypes: ["float64", "float32"] }));
}
