// What generated Rust code calls: a file gets the functions that it needs. Nothing above the first mark is printed.

// ---- functions ----
/// An integer power by repeated squaring: the same products in every language.
fn power(mut base: f64, exponent: i64) -> f64 {
    let (mut result, mut left) = (1.0, exponent.unsigned_abs());
    while left > 0 {
        if left % 2 == 1 {
            result *= base;
        }
        base *= base;
        left /= 2;
    }
    if exponent < 0 { 1.0 / result } else { result }
}

/// The integer logarithm: the largest i with base^i <= x; 0 where x < 1 or base < 2.
fn ilog(mut x: i64, base: i64) -> i64 {
    let mut found = 0;
    while base >= 2 && base <= x {
        x /= base;
        found += 1;
    }
    found
}

/// The larger one; NaN where one is NaN.
fn maximum_f64(a: f64, b: f64) -> f64 { if a >= b || a.is_nan() { a } else { b } }
fn maximum_f32(a: f32, b: f32) -> f32 { if a >= b || a.is_nan() { a } else { b } }

/// The smaller one; NaN where one is NaN.
fn minimum_f64(a: f64, b: f64) -> f64 { if a <= b || a.is_nan() { a } else { b } }
fn minimum_f32(a: f32, b: f32) -> f32 { if a <= b || a.is_nan() { a } else { b } }

fn square_f64(x: f64) -> f64 { x * x }
fn square_f32(x: f32) -> f32 { x * x }

fn sign_f64(x: f64) -> f64 { if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { x } }
fn sign_f32(x: f32) -> f32 { if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { x } }
