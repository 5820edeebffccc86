(* refopt.generated.numpy.adan is adan:
   for every parameter, gradient, state, update and admissible hyperparameter, over the real numbers, one element.

   The source   its own NumPy code, run on arrays of symbols
   The rule     adan: Xie et al. 2022, Algorithm 1 with bias corrections, its betas 1 minus these, arXiv:2208.06677
   To check it  coqc FILE.v
   Made by      refopt prove refopt.generated.numpy.adan --rule adan --certificate numpy_adan.v *)
Require Import Reals Lra.
Open Scope R_scope.

(* How the proofs go: the root of a quotient is the quotient of the roots, equal values under a root get one name, the rest is algebra.
   None of this needs to be trusted: the kernel checks the proof that comes out. *)
Ltac positive :=
  match goal with
  | |- 0 < _ => solve [ lra ]
  | |- 0 < sqrt _ => apply sqrt_lt_R0; positive
  | |- 0 < _ + _ => first [ apply Rplus_lt_le_0_compat; [ positive | nonnegative ] | apply Rplus_le_lt_0_compat; [ nonnegative | positive ] ]
  | |- 0 < _ * _ => apply Rmult_lt_0_compat; positive
  | |- 0 < _ / _ => apply Rdiv_lt_0_compat; positive
  | |- 0 < _ ^ _ => apply pow_lt; positive
  end
with nonnegative :=
  match goal with
  | |- 0 <= _ => solve [ lra ]
  | |- 0 <= sqrt _ => apply sqrt_pos
  | |- 0 <= _ + _ => apply Rplus_le_le_0_compat; nonnegative
  | |- 0 <= ?x * ?x => apply Rle_0_sqr
  | |- 0 <= _ ^ 2 => apply pow2_ge_0
  | |- 0 <= _ * _ => apply Rmult_le_pos; nonnegative
  | |- 0 <= _ / _ => unfold Rdiv; apply Rmult_le_pos; [ nonnegative | left; apply Rinv_0_lt_compat; positive ]
  end.
Ltac nonzero := repeat split; first [ assumption | apply not_eq_sym, Rlt_not_eq; positive | lra ].
Ltac algebra := first [ solve [ ring ] | solve [ field; nonzero ] ].
Ltac split_roots := repeat first [ rewrite Rplus_0_r in * | rewrite sqrt_div_alt in * by positive | rewrite sqrt_mult_alt in * by nonnegative ].
Ltac one_name f :=
  repeat match goal with |- ?x = ?y =>
    match y with context [f ?a] => match x with context [f ?b] =>
      tryif constr_eq a b then fail else replace (f b) with (f a) by (f_equal; algebra) end end end.
Ltac one_larger :=
  repeat match goal with |- ?x = ?y =>
    match y with context [Rmax ?a ?b] => match x with context [Rmax ?c ?d] =>
      tryif constr_eq (Rmax a b) (Rmax c d) then fail
      else first [ replace (Rmax c d) with (Rmax a b) by (f_equal; algebra)
                 | replace (Rmax c d) with (Rmax a b) by (rewrite Rmax_comm; f_equal; algebra) ] end end end.
Ltac roots_of H :=
  repeat match type of H with context [sqrt ?a] =>
    match goal with
    | _ : 0 < sqrt a |- _ => fail 1
    | _ => assert (0 < sqrt a) by
        (destruct (sqrt_pos a) as [ P | P ]; [ exact P | exfalso; apply H; rewrite <- P; unfold Rdiv; ring ])
    end end.
Ltac named_roots :=
  repeat match goal with |- context [sqrt ?a] =>
    first [ assert (0 < sqrt a) by first [ assumption | positive ] | assert (0 <= sqrt a) by apply sqrt_pos ];
    generalize dependent (sqrt a); intros
  end.

Module FirstUpdate.
Section Update.
(* before the update *)
Variables theta g : R.
Definition m := 0.
Definition w := 0.
Definition n := 0.
Definition g_before := 0.
(* hyperparameters and their domains *)
Variables lr beta1 beta2 beta3 eps weight_decay : R.
Hypothesis lr_domain : 0 <= lr.
Hypothesis beta1_domain : 0 <= beta1 < 1.
Hypothesis beta2_domain : 0 <= beta2 < 1.
Hypothesis beta3_domain : 0 <= beta3 < 1.
Hypothesis eps_domain : 0 <= eps.
Hypothesis weight_decay_domain : 0 <= weight_decay.
(* what the source does *)
Definition source_m := (beta1 * 0) + ((1 - beta1) * g).
Definition source_w := (beta2 * 0) + ((1 - beta2) * (0 * g)).
Definition source_n := (beta3 * 0) + ((1 - beta3) * ((g + (beta2 * (0 * g))) * (g + (beta2 * (0 * g))))).
Definition source_g_before := g.
Definition source_theta := (theta - ((lr * ((source_m / (1 - (beta1 ^ 1))) + ((beta2 * source_w) / (1 - (beta2 ^ 1))))) / ((sqrt (source_n / (1 - (beta3 ^ 1)))) + eps))) / (1 + (lr * weight_decay)).
(* what adan says *)
Definition rule_d := 0 * g.
Definition rule_m := beta1 * m + (1 - beta1) * g.
Definition rule_w := beta2 * w + (1 - beta2) * rule_d.
Definition rule_n := beta3 * n + (1 - beta3) * (g + beta2 * rule_d) ^ 2.
Definition rule_theta := (theta - lr * (rule_m / (1 - beta1 ^ 1) + beta2 * rule_w / (1 - beta2 ^ 1)) / (sqrt (rule_n / (1 - beta3 ^ 1)) + eps)) / (1 + lr * weight_decay).
Definition rule_g_before := g.
(* wherever the rule has a value *)
Hypothesis divides : sqrt (rule_n / (1 - beta3 ^ 1)) + eps <> 0.

Theorem same_m : source_m = rule_m.
Proof.
  unfold rule_m, m, source_m.
  algebra.
Qed.

Theorem same_w : source_w = rule_w.
Proof.
  unfold rule_w, rule_d, w, source_w.
  algebra.
Qed.

Theorem same_n : source_n = rule_n.
Proof.
  unfold rule_n, rule_d, n, source_n.
  algebra.
Qed.

Theorem same_g_before : source_g_before = rule_g_before.
Proof.
  unfold rule_g_before, source_g_before.
  algebra.
Qed.

Theorem same_theta : source_theta = rule_theta.
Proof.
  pose proof divides as divisor.
  unfold rule_theta, rule_n, n, rule_w, rule_d, w, rule_m, m, source_theta, source_n, source_w, source_m in divisor |- *.
  split_roots.
  destruct (Rle_lt_or_eq_dec 0 eps ltac:(lra)) as [ eps_positive | eps_zero ]; [ | rewrite <- eps_zero in divisor |- * ].
  all: roots_of divisor; one_name sqrt; named_roots; algebra.
Qed.
End Update.
End FirstUpdate.

Module LaterUpdate.
Section Update.
(* before the update *)
Variables theta g m w n g_before : R.
(* hyperparameters and their domains *)
Variables lr beta1 beta2 beta3 eps weight_decay : R.
Hypothesis lr_domain : 0 <= lr.
Hypothesis beta1_domain : 0 <= beta1 < 1.
Hypothesis beta2_domain : 0 <= beta2 < 1.
Hypothesis beta3_domain : 0 <= beta3 < 1.
Hypothesis eps_domain : 0 <= eps.
Hypothesis weight_decay_domain : 0 <= weight_decay.
Variable t : nat.
Hypothesis later : (2 <= t)%nat.
(* what the source does *)
Definition source_m := (beta1 * m) + ((1 - beta1) * g).
Definition source_w := (beta2 * w) + ((1 - beta2) * (g - g_before)).
Definition source_n := (beta3 * n) + ((1 - beta3) * ((g + (beta2 * (g - g_before))) * (g + (beta2 * (g - g_before))))).
Definition source_g_before := g.
Definition source_theta := (theta - ((lr * ((source_m / (1 - (beta1 ^ t))) + ((beta2 * source_w) / (1 - (beta2 ^ t))))) / ((sqrt (source_n / (1 - (beta3 ^ t)))) + eps))) / (1 + (lr * weight_decay)).
(* what adan says *)
Definition rule_d := g - g_before.
Definition rule_m := beta1 * m + (1 - beta1) * g.
Definition rule_w := beta2 * w + (1 - beta2) * rule_d.
Definition rule_n := beta3 * n + (1 - beta3) * (g + beta2 * rule_d) ^ 2.
Definition rule_theta := (theta - lr * (rule_m / (1 - beta1 ^ t) + beta2 * rule_w / (1 - beta2 ^ t)) / (sqrt (rule_n / (1 - beta3 ^ t)) + eps)) / (1 + lr * weight_decay).
Definition rule_g_before := g.
(* wherever the rule has a value *)
Hypothesis divides : sqrt (rule_n / (1 - beta3 ^ t)) + eps <> 0.

Theorem same_m : source_m = rule_m.
Proof.
  unfold rule_m, source_m.
  algebra.
Qed.

Theorem same_w : source_w = rule_w.
Proof.
  unfold rule_w, rule_d, source_w.
  algebra.
Qed.

Theorem same_n : source_n = rule_n.
Proof.
  unfold rule_n, rule_d, source_n.
  algebra.
Qed.

Theorem same_g_before : source_g_before = rule_g_before.
Proof.
  unfold rule_g_before, source_g_before.
  algebra.
Qed.

Theorem same_theta : source_theta = rule_theta.
Proof.
  pose proof divides as divisor.
  unfold rule_theta, rule_n, rule_w, rule_d, rule_m, source_theta, source_n, source_w, source_m in divisor |- *.
  assert (0 <= beta3 ^ t < 1) by (apply pow_lt_1_compat; [ lra | apply (Nat.lt_le_trans 0 2); auto ]).
  generalize dependent (beta3 ^ t); intros.
  assert (0 <= beta1 ^ t < 1) by (apply pow_lt_1_compat; [ lra | apply (Nat.lt_le_trans 0 2); auto ]).
  generalize dependent (beta1 ^ t); intros.
  assert (0 <= beta2 ^ t < 1) by (apply pow_lt_1_compat; [ lra | apply (Nat.lt_le_trans 0 2); auto ]).
  generalize dependent (beta2 ^ t); intros.
  split_roots.
  destruct (Rle_lt_or_eq_dec 0 eps ltac:(lra)) as [ eps_positive | eps_zero ]; [ | rewrite <- eps_zero in divisor |- * ].
  all: roots_of divisor; one_name sqrt; named_roots; algebra.
Qed.
End Update.
End LaterUpdate.
