(* refopt.generated.numpy.adopt_nesterov is adopt/nesterov:
   for every parameter, gradient, state, update and admissible hyperparameter, over the real numbers, one element.

   The source   its own NumPy code, run on arrays of symbols
   The rule     adopt/nesterov: Taniguchi et al. 2024, clipped ADOPT, c_t = t^(1/4), its first gradient as update 1, arXiv:2411.02853
   To check it  coqc FILE.v
   Made by      refopt prove refopt.generated.numpy.adopt_nesterov --rule adopt/nesterov --certificate numpy_adopt_nesterov.v *)
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
Definition v := 0.
(* hyperparameters and their domains *)
Variables lr beta1 beta2 eps : R.
Hypothesis lr_domain : 0 <= lr.
Hypothesis beta1_domain : 0 <= beta1 < 1.
Hypothesis beta2_domain : 0 <= beta2 < 1.
Hypothesis eps_domain : 0 <= eps.
(* what the source does *)
Definition shared_1 := (1 - beta1) * (0 * g).
Definition source_m := (beta1 * 0) + shared_1.
Definition source_v := g * g.
Definition source_theta := theta - (lr * ((beta1 * source_m) + shared_1)).
(* what adopt/nesterov says *)
Definition rule_c := sqrt (sqrt (1 - 1)).
Definition rule_u := 0 * g.
Definition rule_m := beta1 * m + (1 - beta1) * rule_u.
Definition rule_v := g ^ 2.
Definition rule_theta := theta - lr * (beta1 * rule_m + (1 - beta1) * rule_u).

Theorem same_m : source_m = rule_m.
Proof.
  unfold rule_m, rule_u, m, source_m, shared_1.
  algebra.
Qed.

Theorem same_v : source_v = rule_v.
Proof.
  unfold rule_v, source_v.
  algebra.
Qed.

Theorem same_theta : source_theta = rule_theta.
Proof.
  unfold rule_theta, rule_m, rule_u, m, source_theta, source_m, shared_1.
  algebra.
Qed.
End Update.
End FirstUpdate.

Module LaterUpdate.
Section Update.
(* before the update *)
Variables theta g m v : R.
(* hyperparameters and their domains *)
Variables lr beta1 beta2 eps : R.
Hypothesis lr_domain : 0 <= lr.
Hypothesis beta1_domain : 0 <= beta1 < 1.
Hypothesis beta2_domain : 0 <= beta2 < 1.
Hypothesis eps_domain : 0 <= eps.
Variable t : nat.
Hypothesis later : (2 <= t)%nat.
(* what the source does *)
Definition shared_1 := sqrt (sqrt ((INR t) - 1)).
Definition shared_2 := (1 - beta1) * (Rmax (- shared_1) (Rmin shared_1 (g / (Rmax (sqrt v) eps)))).
Definition source_m := (beta1 * m) + shared_2.
Definition source_v := (beta2 * v) + ((1 - beta2) * (g * g)).
Definition source_theta := theta - (lr * ((beta1 * source_m) + shared_2)).
(* what adopt/nesterov says *)
Definition rule_c := sqrt (sqrt (INR t - 1)).
Definition rule_u := Rmax (- rule_c) (Rmin rule_c (g / Rmax (sqrt v) eps)).
Definition rule_m := beta1 * m + (1 - beta1) * rule_u.
Definition rule_v := beta2 * v + (1 - beta2) * g ^ 2.
Definition rule_theta := theta - lr * (beta1 * rule_m + (1 - beta1) * rule_u).
(* wherever the rule has a value *)
Hypothesis divides : Rmax (sqrt v) eps <> 0.

Theorem same_m : source_m = rule_m.
Proof.
  pose proof divides as divisor.
  unfold rule_m, rule_u, rule_c, source_m, shared_2, shared_1 in divisor |- *.
  split_roots.
  all: roots_of divisor; one_larger; one_name sqrt; named_roots; algebra.
Qed.

Theorem same_v : source_v = rule_v.
Proof.
  unfold rule_v, source_v.
  algebra.
Qed.

Theorem same_theta : source_theta = rule_theta.
Proof.
  pose proof divides as divisor.
  unfold rule_theta, rule_m, rule_u, rule_c, source_theta, source_m, shared_2, shared_1 in divisor |- *.
  split_roots.
  all: roots_of divisor; one_larger; one_name sqrt; named_roots; algebra.
Qed.
End Update.
End LaterUpdate.
