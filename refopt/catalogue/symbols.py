"""The symbols that several concepts share: the name in the API, the paper's letter, and what is known of the sign."""

from __future__ import annotations

from refopt.language.expression import Kind, scalar, tensor
from refopt.language.lists import whole_numbers

lr = scalar("lr", r"\eta", sign="nonnegative")
momentum = scalar("momentum", r"\gamma", sign="nonnegative")
dampening = scalar("dampening", r"\tau", sign="nonnegative")
rho = scalar("rho", r"\rho", sign="nonnegative")
beta1 = scalar("beta1", r"\beta_1", sign="nonnegative")
beta2 = scalar("beta2", r"\beta_2", sign="nonnegative")
eps = scalar("eps", r"\epsilon", sign="nonnegative")
weight_decay = scalar("weight_decay", r"\lambda", sign="nonnegative")

lr_min = scalar("lr_min", r"\eta_{\min}", sign="nonnegative")
factor = scalar("factor", r"\gamma", sign="nonnegative")
every = scalar("every", "N", sign="positive", kind=Kind.INTEGER)
period = scalar("period", r"T_{\max}", sign="positive", kind=Kind.INTEGER)
milestones = whole_numbers("milestones", "M")
warmup_start = scalar("warmup_start", "s", sign="nonnegative")
warmup_steps = scalar("warmup_steps", "W", sign="positive", kind=Kind.INTEGER)
span = scalar("span", "T", sign="positive", kind=Kind.INTEGER)
degree = scalar("degree", "p", sign="positive")
start_factor = scalar("start_factor", "a", sign="nonnegative")
end_factor = scalar("end_factor", "b", sign="nonnegative")
slope = scalar("slope", r"\delta", sign="nonnegative")
timescale = scalar("timescale", "S", sign="positive", kind=Kind.INTEGER)
model_size = scalar("model_size", "d", sign="positive", kind=Kind.INTEGER)
cycles = scalar("cycles", "c", sign="positive", kind=Kind.INTEGER)
stable_steps = scalar("stable_steps", "S", sign="positive", kind=Kind.INTEGER)
total_steps = scalar("total_steps", "T", sign="positive", kind=Kind.INTEGER)
pct_start = scalar("pct_start", "p", sign="positive")
div_factor = scalar("div_factor", "D", sign="positive")
final_div_factor = scalar("final_div_factor", "F", sign="positive")
lr_max = scalar("lr_max", r"\eta_{\max}", sign="nonnegative")
half_cycle = scalar("half_cycle", "H", sign="positive", kind=Kind.INTEGER)
lower = scalar("lower", "L", sign="nonnegative")
upper = scalar("upper", "U", sign="nonnegative")

velocity = tensor("v")
m = tensor("m")
v = tensor("v", sign="nonnegative")
v_max = tensor("v_max", r"v^{\max}", sign="nonnegative")
m_hat = tensor("m_hat", r"\hat m_t")
v_hat = tensor("v_hat", r"\hat v_t", sign="nonnegative")
g_l2 = tensor("g_l2", r"\tilde g_t")
