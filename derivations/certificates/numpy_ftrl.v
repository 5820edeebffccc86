(* refopt.generated.numpy.ftrl is ftrl:
   for every parameter, gradient, state, update and admissible hyperparameter, over the real numbers, one element.

   The source   its own NumPy code, run on arrays of symbols
   The rule     ftrl: McMahan et al. 2013, Algorithm 1, alpha is lr, n starts from s0, doi:10.1145/2487575.2488200
   To check it  coqc FILE.v
   Made by      refopt prove refopt.generated.numpy.ftrl --rule ftrl --certificate numpy_ftrl.v *)
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
Definition z := 0.
(* hyperparameters and their domains *)
Variables lr l1 l2 beta s0 : R.
Hypothesis lr_domain : 0 < lr.
Hypothesis l1_domain : 0 <= l1.
Hypothesis l2_domain : 0 <= l2.
Hypothesis beta_domain : 0 <= beta.
Hypothesis s0_domain : 0 <= s0.
Definition n := s0.
(* what the source does *)
Definition shared_1 := sqrt (s0 + (g * g)).
Definition source_z := (0 + g) - (((shared_1 - (sqrt s0)) / lr) * theta).
Definition source_n := s0 + (g * g).
Definition source_theta := - ((source_z - (Rmax (- l1) (Rmin l1 source_z))) / (((beta + shared_1) / lr) + l2)).
(* what ftrl says *)
Definition rule_n_before := n.
Definition rule_n := n + g ^ 2.
Definition rule_z := z + g - (sqrt rule_n - sqrt rule_n_before) / lr * theta.
Definition rule_theta := - ((rule_z - Rmax (- l1) (Rmin l1 rule_z)) / ((beta + sqrt rule_n) / lr + l2)).
(* wherever the rule has a value *)
Hypothesis divides : (beta + sqrt rule_n) / lr + l2 <> 0.

Theorem same_z : source_z = rule_z.
Proof.
  unfold rule_z, rule_n_before, rule_n, n, z, source_z, shared_1.
  split_roots.
  all: one_name sqrt; named_roots; algebra.
Qed.

Theorem same_n : source_n = rule_n.
Proof.
  unfold rule_n, n, source_n.
  algebra.
Qed.

Theorem same_theta : source_theta = rule_theta.
Proof.
  pose proof divides as divisor.
  unfold rule_theta, rule_z, rule_n_before, rule_n, n, z, source_theta, source_z, shared_1 in divisor |- *.
  split_roots.
  destruct (Rle_lt_or_eq_dec 0 l2 ltac:(lra)) as [ l2_positive | l2_zero ]; [ | rewrite <- l2_zero in divisor |- * ].
  all: roots_of divisor; one_larger; one_name sqrt; named_roots; algebra.
Qed.
End Update.
End FirstUpdate.

Module LaterUpdate.
Section Update.
(* before the update *)
Variables theta g z n : R.
(* hyperparameters and their domains *)
Variables lr l1 l2 beta s0 : R.
Hypothesis lr_domain : 0 < lr.
Hypothesis l1_domain : 0 <= l1.
Hypothesis l2_domain : 0 <= l2.
Hypothesis beta_domain : 0 <= beta.
Hypothesis s0_domain : 0 <= s0.
Variable t : nat.
Hypothesis later : (2 <= t)%nat.
(* what the source does *)
Definition shared_1 := sqrt (n + (g * g)).
Definition source_z := (z + g) - (((shared_1 - (sqrt n)) / lr) * theta).
Definition source_n := n + (g * g).
Definition source_theta := - ((source_z - (Rmax (- l1) (Rmin l1 source_z))) / (((beta + shared_1) / lr) + l2)).
(* what ftrl says *)
Definition rule_n_before := n.
Definition rule_n := n + g ^ 2.
Definition rule_z := z + g - (sqrt rule_n - sqrt rule_n_before) / lr * theta.
Definition rule_theta := - ((rule_z - Rmax (- l1) (Rmin l1 rule_z)) / ((beta + sqrt rule_n) / lr + l2)).
(* wherever the rule has a value *)
Hypothesis divides : (beta + sqrt rule_n) / lr + l2 <> 0.

Theorem same_z : source_z = rule_z.
Proof.
  unfold rule_z, rule_n_before, rule_n, source_z, shared_1.
  split_roots.
  all: one_name sqrt; named_roots; algebra.
Qed.

Theorem same_n : source_n = rule_n.
Proof.
  unfold rule_n, source_n.
  algebra.
Qed.

Theorem same_theta : source_theta = rule_theta.
Proof.
  pose proof divides as divisor.
  unfold rule_theta, rule_z, rule_n_before, rule_n, source_theta, source_z, shared_1 in divisor |- *.
  split_roots.
  destruct (Rle_lt_or_eq_dec 0 l2 ltac:(lra)) as [ l2_positive | l2_zero ]; [ | rewrite <- l2_zero in divisor |- * ].
  all: roots_of divisor; one_larger; one_name sqrt; named_roots; algebra.
Qed.
End Update.
End LaterUpdate.
