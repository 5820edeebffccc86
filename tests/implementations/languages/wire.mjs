// refopt-harness/1 on JSON lines, for a table of programs: one of them is chosen by the first argument; --list prints them all.
//
// A program of the table is {rule, state, note, step | whole | rate}:
//   step   (f, h, t, memory) => (x, g, s, given) => [x, s]     scalars once a step, then a function of one element
//   whole  (f, h, t, x, g, s) => void                   all elements at once, in place
//   rate   (k, h) => number                             a schedule
// `given` is what an update is given beside the gradient. f rounds to the format: Math.fround in float32, the identity in float64.

import { createInterface } from "node:readline";

const FORMATS = {
  float64: { array: Float64Array, round: (x) => x },
  float32: { array: Float32Array, round: Math.fround },
};
const HYPER = {
  sgd: { lr: 0.01 },
  momentum: { lr: 0.01, momentum: 0.9 },
  nesterov: { lr: 0.01, momentum: 0.9 },
  rmsprop: { lr: 0.001, rho: 0.9, eps: 1e-8 },
  adam: { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
  adamw: { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01 },
  amsgrad: { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
  adamax: { lr: 0.002, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
  adagrad: { lr: 0.01, eps: 1e-10, s0: 0 },
  adadelta: { lr: 1, rho: 0.9, eps: 1e-6 },
  nadam: { lr: 0.002, beta1: 0.9, beta2: 0.999, eps: 1e-8, momentum_decay: 0.004 },
  radam: { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
  adabelief: { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-16, eps_root: 1e-16 },
  acprop: { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-16, eps_root: 1e-16 },
  adan: { lr: 0.001, beta1: 0.98, beta2: 0.92, beta3: 0.99, eps: 1e-8, weight_decay: 0.01 },
  ademamix: { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8, beta3: 0.9999, alpha: 5, weight_decay: 0.01 },
  simplified_ademamix: { lr: 0.001, beta1: 0.99, beta2: 0.95, alpha: 0, eps: 1e-8 },
  adopt: { lr: 0.001, beta1: 0.9, beta2: 0.9999, eps: 1e-6 },
  madgrad: { lr: 0.01, momentum: 0.9, eps: 1e-6 },
  laprop: { lr: 0.0004, beta1: 0.9, beta2: 0.999, eps: 1e-15 },
  lion: { lr: 0.0001, beta1: 0.9, beta2: 0.99, weight_decay: 0 },
  sgdw: { lr: 0.01, momentum: 0.9, weight_decay: 0.01 },
  sign_sgd: { lr: 0.01 },
  signum: { lr: 0.01, beta1: 0.9 },
  asgd: { lr: 0.01, lambd: 0.0001, alpha: 0.75, averaged_after: 1e6 },
  yogi: { lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 0.001, v0: 0.000001 },
  optimistic_gd: { lr: 0.01, alpha: 1, beta: 1 },
  adamaxw: { lr: 0.002, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01 },
  nadamw: { lr: 0.002, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01 },
  rprop: { lr: 0.01, eta_minus: 0.5, eta_plus: 1.2, step_min: 1e-6, step_max: 50 },
  schedule_free_sgd: { lr: 1, beta1: 0.9 },
  schedule_free_adamw: { lr: 0.0025, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0 },
  cocob: { alpha: 100, eps: 1e-8 },
  noisy_sgd: { lr: 0.01, noise_variance: 0.01, noise_decay: 0.55 },
  step_decay: { lr: 0.1, factor: 0.1, every: 30 },
  exponential: { lr: 0.1, factor: 0.95 },
  cosine_annealing: { lr: 0.1, lr_min: 0, period: 100 },
  warmup: { lr: 0.1, warmup_start: 0, warmup_steps: 10 },
};
const STATE = {
  sgd: [], momentum: ["v"], nesterov: ["v"], rmsprop: ["v"], adam: ["m", "v"], adamw: ["m", "v"], amsgrad: ["m", "v", "v_max"],
  adamax: ["m", "u"], adagrad: ["s"], adadelta: ["s", "u"], nadam: ["m", "v", "mu_product"], radam: ["m", "v"], adabelief: ["m", "s"], acprop: ["m", "s"],
  adan: ["m", "w", "n", "g_before"], ademamix: ["m", "v", "m_slow"], simplified_ademamix: ["m", "v"], laprop: ["m", "v"], lion: ["m"], sgdw: ["v"],
  sign_sgd: [], signum: ["m"], yogi: ["m", "v"], optimistic_gd: ["g_before"], adamaxw: ["m", "u"], nadamw: ["m", "v"],
  asgd: ["ax"], adopt: ["m", "v"], madgrad: ["s", "n", "theta_start"], rprop: ["update_value", "g_before"],
  schedule_free_sgd: ["z", "weight_sum"], schedule_free_adamw: ["z", "v", "weight_sum"],
  cocob: ["scale", "abs_sum", "reward", "negative_sum", "theta_start"],
  noisy_sgd: [],
};
const INPUTS = { noisy_sgd: ["noise"] };
// What a state starts from where that is not 0.
const START = { mu_product: () => 1, s: (h) => h.s0 ?? 0, v: (h) => h.v0 ?? 0, update_value: (h) => h.lr, scale: (h) => h.eps };
const FROM_THETA = ["z", "theta_start"];

const text = (x) => (Number.isNaN(x) ? "nan" : x === Infinity ? "inf" : x === -Infinity ? "-inf" : Object.is(x, -0) ? "-0" : String(x));
const number = (s) => (s === "inf" ? Infinity : s === "-inf" ? -Infinity : s === "nan" ? NaN : Number(s));
const texts = (array) => Array.from(array, text);

function numbers(hyper) {
  return Object.fromEntries(Object.entries(hyper).map(([name, value]) => [name, number(value)]));
}

function advance(program, f, h, t, p, g, given) {
  if (program.whole) {
    program.whole(f, h, t, p.x, g, p.s);
    return;
  }
  const one = program.step(f, h, t, p.memory);
  for (let i = 0; i < p.x.length; i++) {
    const [x, s] = one(p.x[i], g[i], p.s.map((array) => array[i]), given.map((array) => array[i]));
    p.x[i] = x;
    s.forEach((value, j) => { p.s[j][i] = value; });
  }
}

function run(program, message) {
  const { array, round } = FORMATS[message.dtype];
  const names = STATE[program.rule];
  const inputs = INPUTS[program.rule] ?? [];
  const hyper = { ...HYPER[program.rule], ...numbers(message.hyper) };
  const parameters = message.params.map(({ theta0, state0 }) => ({
    x: array.from(theta0, number),
    s: names.map((name) => {
      if (state0 || FROM_THETA.includes(name)) return array.from(state0 ? state0[name] : theta0, number);
      return new array(theta0.length).fill(START[name]?.(hyper) ?? 0);
    }),
    memory: {},
  }));
  const kept = parameters.map(() => ({ theta: [], state: [] }));
  message.grads.forEach((row, i) => {
    const t = message.t0 + i;
    const h = message.lr ? { ...hyper, lr: number(message.lr[i]) } : hyper;
    row.forEach((g, p) => {
      if (g) advance(program, round, h, t, parameters[p], array.from(g, number), inputs.map((name) => array.from(message.inputs[name][i][p], number)));
    });
    if (message.keep.includes(t)) {
      parameters.forEach((p, j) => {
        kept[j].theta.push(texts(p.x));
        kept[j].state.push(Object.fromEntries(names.map((name, n) => [name, texts(p.s[n])])));
      });
    }
  });
  return { seq: message.seq, params: kept };
}

function answer(name, program, message) {
  if (message.cmd === "start") {
    const hyper = Object.keys(HYPER[program.rule]);
    const offered = program.rate
      ? { rules: {}, schedules: { [program.rule]: { hyper } }, dtypes: ["float64"] }
      : { rules: { [program.rule]: { hyper, state: STATE[program.rule], resume: true, inputs: INPUTS[program.rule] } }, dtypes: Object.keys(FORMATS) };
    return { protocol: 1, implementation: { name, language: "javascript", version: "1" }, ...offered };
  }
  if (message.cmd === "schedule") {
    const h = { ...HYPER[program.rule], ...numbers(message.hyper) };
    return { seq: message.seq, lr: message.steps.map((k) => text(program.rate(k, h))) };
  }
  return run(program, message);
}

export function serve(programs) {
  const name = process.argv[2];
  if (name === "--list") {
    for (const [key, { rule, note }] of Object.entries(programs)) console.log(`${key}\t${rule}\t${note}`);
    return;
  }
  const program = programs[name];
  if (!program) {
    console.error(`no program ${name}: --list shows them`);
    process.exit(2);
  }
  createInterface({ input: process.stdin }).on("line", (line) => {
    const message = JSON.parse(line);
    if (message.cmd === "stop") process.exit(0);
    process.stdout.write(JSON.stringify(answer(name, program, message)) + "\n");
  });
}
