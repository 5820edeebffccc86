// refopt-harness/1 on JSON lines for the generated JavaScript modules: the argument is a file {"rules": {name: path}, "schedules": {name: path}}.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const table = JSON.parse(readFileSync(process.argv[2], "utf8"));
const load = async (paths) => Object.fromEntries(await Promise.all(Object.entries(paths).map(async ([name, path]) => [name, await import(path)])));
const [rules, schedules] = [await load(table.rules), await load(table.schedules)];
const ARRAYS = { float64: Float64Array, float32: Float32Array };

const text = (x) => (Number.isNaN(x) ? "nan" : x === Infinity ? "inf" : x === -Infinity ? "-inf" : Object.is(x, -0) ? "-0" : String(x));
const number = (s) => (s === "inf" ? Infinity : s === "-inf" ? -Infinity : s === "nan" ? NaN : Number(s));

// Numbers by name; the entries of a list, `milestones[0]`, `milestones[1]`, together again.
function numbers(hyper) {
  const found = {};
  for (const [name, value] of Object.entries(hyper)) {
    const entry = /^(.+)\[(\d+)\]$/.exec(name);
    if (entry) (found[entry[1]] ??= [])[Number(entry[2])] = number(value);
    else found[name] = number(value);
  }
  return found;
}

function start() {
  const offered = Object.entries(rules).map(([name, { defaults, init }]) => [
    name, { hyper: Object.keys(defaults), state: Object.keys(init(new Float64Array(0))), resume: true, courses: true, inputs: table.inputs[name] },
  ]);
  const rates = Object.entries(schedules).map(([name, { defaults }]) => [name, { hyper: Object.keys(defaults) }]);
  return {
    protocol: 1, implementation: { name: "generated JavaScript", language: "javascript", version: "1" },
    rules: Object.fromEntries(offered), schedules: Object.fromEntries(rates), dtypes: Object.keys(ARRAYS),
  };
}

function run({ seq, rule, dtype, hyper, lr, courses, params, t0, grads, inputs, keep }) {
  const { init, step } = rules[rule];
  const array = (values) => ARRAYS[dtype].from(values, number);
  const runs = params.map(({ theta0, state0 }) => {
    const theta = array(theta0), state = init(theta, numbers(hyper));
    for (const name of Object.keys(state0 ?? {})) {
      if (typeof state[name] === "number") state[name] = number(state0[name][0]);
      else state[name].set(array(state0[name]));
    }
    return { theta, state, kept: { theta: [], state: [] } };
  });
  grads.forEach((row, i) => {
    const h = lr ? { ...numbers(hyper), lr: number(lr[i]) } : numbers(hyper);
    for (const [name, values] of Object.entries(courses ?? {})) h[name] = number(values[i]);
    row.forEach((g, p) => { if (g) step(runs[p].theta, array(g), ...table.inputs[rule].map((name) => array(inputs[name][i][p])), runs[p].state, t0 + i, h); });
    if (!keep.includes(t0 + i)) return;
    for (const { theta, state, kept } of runs) {
      kept.theta.push(Array.from(theta, text));
      kept.state.push(Object.fromEntries(Object.entries(state).map(([name, x]) => [name, typeof x === "number" ? Array(theta.length).fill(text(x)) : Array.from(x, text)])));
    }
  });
  return { seq, params: runs.map(({ kept }) => kept) };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line);
  if (message.cmd === "stop") process.exit(0);
  const answer = message.cmd === "start" ? start()
    : message.cmd === "run" ? run(message)
    : { seq: message.seq, lr: message.steps.map((k) => text(schedules[message.schedule].rate(k, numbers(message.hyper)))) };
  process.stdout.write(JSON.stringify(answer) + "\n");
});
