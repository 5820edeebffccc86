// Speaks the flat wire of refopt-harness/1.   rustc -O -o adam adam.rs && refopt check --wire flat -- ./adam
use std::io::{self, BufRead, Write};
struct Hyper { lr: f64, beta1: f64, beta2: f64, eps: f64 }

// ---- your formula: one element, one update ------------------------------------------------------
fn step(theta: &mut f64, g: f64, m: &mut f64, v: &mut f64, t: i64, h: &Hyper) {
    *m = h.beta1 * *m + (1.0 - h.beta1) * g;
    *v = h.beta2 * *v + (1.0 - h.beta2) * g * g;
    let (m_hat, v_hat) = (*m / (1.0 - h.beta1.powf(t as f64)), *v / (1.0 - h.beta2.powf(t as f64)));
    *theta -= h.lr * m_hat / (v_hat.sqrt() + h.eps);
}
// -------------------------------------------------------------------------------------------------
fn numbers(field: &str) -> Vec<f64> { field.split_whitespace().filter_map(|x| x.parse().ok()).collect() }
fn answer(line: &str) -> Option<String> {
    let fields: Vec<&str> = line.split(';').collect();
    let head: Vec<&str> = fields[0].split_whitespace().collect(); // run seq rule dtype n T K t0
    let (n, t0) = (head[4].parse::<usize>().ok()?, head[7].parse::<i64>().ok()?);
    let mut h = Hyper { lr: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8 };
    for (name, x) in fields[1].split_whitespace().filter_map(|x| x.split_once('=')) {
        *match name { "lr" => &mut h.lr, "beta1" => &mut h.beta1, "beta2" => &mut h.beta2, _ => &mut h.eps } = x.parse().ok()?;
    }
    let (lr, keep, mut theta, mut state, grads) = (numbers(fields[2]), numbers(fields[3]), numbers(fields[4]), numbers(fields[5]), numbers(fields[6]));
    let mut seen = <[String; 3]>::default(); state.resize(2 * n, 0.0);
    for (t, g) in (t0..).zip(grads.chunks(n)) {
        if let Some(x) = lr.get((t - t0) as usize) { h.lr = *x }
        let (m, v) = state.split_at_mut(n);
        for i in 0..n { step(&mut theta[i], g[i], &mut m[i], &mut v[i], t, &h) }
        if !keep.contains(&(t as f64)) { continue }
        for (text, row) in seen.iter_mut().zip([&theta[..], m, v]) { *text += &row.iter().map(|x| format!(" {x:?}")).collect::<String>() }
    }
    Some(format!("ok {}{}", head[1], seen.join(" ;")))
}
fn main() {
    for line in io::stdin().lock().lines().map_while(Result::ok).take_while(|x| x != "stop") {
        let start = || "ok my Adam ; adam lr beta1 beta2 eps / m v ; float64 ; resume".to_string();
        println!("{}", if line == "start 1" { start() } else { answer(&line).expect("a line of the flat wire") });
        io::stdout().flush().unwrap();
    }
}
