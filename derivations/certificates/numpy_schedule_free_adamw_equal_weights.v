(* refopt.generated.numpy.schedule_free_adamw_equal_weights is schedule_free_adamw/equal_weights:
   for every parameter, gradient, state, update and admissible hyperparameter, over the real numbers, one element.

   The source   its own NumPy code, run on arrays of symbols
   The rule     schedule_free_adamw/equal_weights: Defazio et al. 2024, equation (4), and the rest as in Algorithm 1, arXiv:2405.15682
   To check it  coqc FILE.v
   Made by      refopt prove refopt.generated.numpy.schedule_free_adamw_equal_weights --rule schedule_free_adamw/equal_weights --certificate numpy_schedule_free_adamw_equal_weights.v *)
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
Definition v := 0.
(* hyperparameters and their domains *)
Variables lr beta1 beta2 eps weight_decay : R.
Hypothesis lr_domain : 0 <= lr.
Hypothesis beta1_domain : 0 < beta1 <= 1.
Hypothesis beta2_domain : 0 <= beta2 < 1.
Hypothesis eps_domain : 0 <= eps.
Hypothesis weight_decay_domain : 0 <= weight_decay.
Definition z := theta.
(* what the source does *)
Definition source_z := (theta - ((lr * weight_decay) * theta)) - ((lr * g) / ((sqrt (((beta2 * 0) + ((1 - beta2) * (g * g))) / (1 - (beta2 ^ 1)))) + eps)).
Definition source_v := (beta2 * 0) + ((1 - beta2) * (g * g)).
Definition source_theta := ((1 - beta1) * source_z) + (beta1 * ((0 * ((theta - ((1 - beta1) * theta)) / beta1)) + (1 * source_z))).
(* what schedule_free_adamw/equal_weights says *)
Definition rule_v := beta2 * v + (1 - beta2) * g ^ 2.
Definition rule_v_hat := rule_v / (1 - beta2 ^ 1).
Definition rule_c := 1 / 1.
Definition rule_x_before := (theta - (1 - beta1) * z) / beta1.
Definition rule_z := z - lr * weight_decay * theta - lr * g / (sqrt rule_v_hat + eps).
Definition rule_x := (1 - rule_c) * rule_x_before + rule_c * rule_z.
Definition rule_theta := (1 - beta1) * rule_z + beta1 * rule_x.
(* wherever the rule has a value *)
Hypothesis divides : sqrt rule_v_hat + eps <> 0.

Theorem same_z : source_z = rule_z.
Proof.
  pose proof divides as divisor.
  unfold rule_z, rule_v_hat, rule_v, v, z, source_z in divisor |- *.
  split_roots.
  destruct (Rle_lt_or_eq_dec 0 eps ltac:(lra)) as [ eps_positive | eps_zero ]; [ | rewrite <- eps_zero in divisor |- * ].
  all: roots_of divisor; one_name sqrt; named_roots; algebra.
Qed.

Theorem same_v : source_v = rule_v.
Proof.
  unfold rule_v, v, source_v.
  algebra.
Qed.

Theorem same_theta : source_theta = rule_theta.
Proof.
  pose proof divides as divisor.
  unfold rule_theta, rule_x, rule_x_before, rule_c, rule_z, rule_v_hat, rule_v, v, z, source_theta, source_z in divisor |- *.
  split_roots.
  destruct (Rle_lt_or_eq_dec 0 eps ltac:(lra)) as [ eps_positive | eps_zero ]; [ | rewrite <- eps_zero in divisor |- * ].
  all: roots_of divisor; one_name sqrt; named_roots; algebra.
Qed.
End Update.
End FirstUpdate.

Module LaterUpdate.
Section Update.
(* before the update *)
Variables theta g z v : R.
(* hyperparameters and their domains *)
Variables lr beta1 beta2 eps weight_decay : R.
Hypothesis lr_domain : 0 <= lr.
Hypothesis beta1_domain : 0 < beta1 <= 1.
Hypothesis beta2_domain : 0 <= beta2 < 1.
Hypothesis eps_domain : 0 <= eps.
Hypothesis weight_decay_domain : 0 <= weight_decay.
Variable t : nat.
Hypothesis later : (2 <= t)%nat.
(* what the source does *)
Definition source_z := (z - ((lr * weight_decay) * theta)) - ((lr * g) / ((sqrt (((beta2 * v) + ((1 - beta2) * (g * g))) / (1 - (beta2 ^ t)))) + eps)).
Definition source_v := (beta2 * v) + ((1 - beta2) * (g * g)).
Definition source_theta := ((1 - beta1) * source_z) + (beta1 * (((1 - (1 / (INR t))) * ((theta - ((1 - beta1) * z)) / beta1)) + ((1 / (INR t)) * source_z))).
(* what schedule_free_adamw/equal_weights says *)
Definition rule_v := beta2 * v + (1 - beta2) * g ^ 2.
Definition rule_v_hat := rule_v / (1 - beta2 ^ t).
Definition rule_c := 1 / INR t.
Definition rule_x_before := (theta - (1 - beta1) * z) / beta1.
Definition rule_z := z - lr * weight_decay * theta - lr * g / (sqrt rule_v_hat + eps).
Definition rule_x := (1 - rule_c) * rule_x_before + rule_c * rule_z.
Definition rule_theta := (1 - beta1) * rule_z + beta1 * rule_x.
(* wherever the rule has a value *)
Hypothesis divides : sqrt rule_v_hat + eps <> 0.

Theorem same_z : source_z = rule_z.
Proof.
  pose proof divides as divisor.
  unfold rule_z, rule_v_hat, rule_v, source_z in divisor |- *.
  assert (0 <= beta2 ^ t < 1) by (apply pow_lt_1_compat; [ lra | apply (Nat.lt_le_trans 0 2); auto ]).
  generalize dependent (beta2 ^ t); intros.
  split_roots.
  destruct (Rle_lt_or_eq_dec 0 eps ltac:(lra)) as [ eps_positive | eps_zero ]; [ | rewrite <- eps_zero in divisor |- * ].
  all: roots_of divisor; one_name sqrt; named_roots; algebra.
Qed.

Theorem same_v : source_v = rule_v.
Proof.
  unfold rule_v, source_v.
  algebra.
Qed.

Theorem same_theta : source_theta = rule_theta.
Proof.
  pose proof divides as divisor.
  unfold rule_theta, rule_x, rule_x_before, rule_c, rule_z, rule_v_hat, rule_v, source_theta, source_z in divisor |- *.
  assert (0 <= beta2 ^ t < 1) by (apply pow_lt_1_compat; [ lra | apply (Nat.lt_le_trans 0 2); auto ]).
  generalize dependent (beta2 ^ t); intros.
  split_roots.
  destruct (Rle_lt_or_eq_dec 0 eps ltac:(lra)) as [ eps_positive | eps_zero ]; [ | rewrite <- eps_zero in divisor |- * ].
  all: roots_of divisor; one_name sqrt; named_roots; algebra.
Qed.
End Update.
End LaterUpdate.
