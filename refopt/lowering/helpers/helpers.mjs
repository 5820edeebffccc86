// What generated JavaScript code calls: a file gets the functions that it needs. Nothing above the first mark is printed.

// ---- functions ----
// An integer power by repeated squaring: the same products in every language.
function power(base, exponent) {
  let result = 1;
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= base;
    base *= base;
  }
  return exponent < 0 ? 1 / result : result;
}

// The integer logarithm: the largest i with base^i <= x; 0 where x < 1 or base < 2.
function ilog(x, base) {
  let found = 0;
  for (; base >= 2 && base <= x; x = Math.floor(x / base)) found++;
  return found;
}

const square = (x) => x * x;

// ---- check ----
function check(theta, others, t) {
  if (!(theta instanceof Float64Array || theta instanceof Float32Array)) throw new TypeError("theta must be a Float64Array or a Float32Array");
  for (const [name, x] of Object.entries(others)) {
    if (x?.constructor !== theta.constructor || x.length !== theta.length) throw new TypeError(`${name} must be a ${theta.constructor.name} as long as theta`);
  }
  if (!Number.isSafeInteger(t) || t < 1) throw new RangeError(`t = ${t}: updates are counted 1, 2, 3, ...`);
}
