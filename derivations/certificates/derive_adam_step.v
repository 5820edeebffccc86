(* One Adam step is at most 7.2703 eta: |step| <= eta (1 - beta1)/sqrt((1 - beta2)(1 - beta1^2/beta2)) for every t, if beta1^2 < beta2; no smaller number will do
   Those of its steps that are identities of rational functions, or under a root:
   for all admissible letters, wherever both sides have a value.
   6 of 19 steps.
   To check it  coqc FILE.v
   Made by      refopt derive adam_step --certificate derive_adam_step.v *)
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

Ltac apart :=
  repeat split;
  first [ assumption | apply not_eq_sym, Rlt_not_eq; positive | lra | nra
        | match goal with H : _ <> 0 |- _ <> 0 => let E := fresh in intro E; apply H; first [ lra | nra ] end
        | match goal with H : _ <> 0 |- _ <> 0 => let E := fresh in intro E; apply H; rewrite <- E; solve [ ring | field; apart ] end ].
Ltac known_roots :=
  repeat match goal with |- context [sqrt ?a] =>
    let r := fresh "root" in let square := fresh in
    assert (square : sqrt a * sqrt a = a) by (apply sqrt_sqrt; first [ assumption | lra | nonnegative ]);
    first [ assert (0 < sqrt a) by first [ assumption | positive ] | assert (0 <= sqrt a) by apply sqrt_pos ];
    generalize dependent (sqrt a); intros r; intros; try (is_var a; subst a)
  end.
Ltac scaled_roots :=
  repeat match goal with P : 0 < ?c |- ?x = ?y => match x with context [sqrt ?a] => match y with context [sqrt ?b] =>
    tryif constr_eq a b then fail else
    replace (sqrt a) with (c * sqrt b) by
      (transitivity (sqrt (c * c * b)); [ rewrite sqrt_mult_alt by nonnegative; rewrite sqrt_square by lra; reflexivity | f_equal; algebra ])
  end end end.
Ltac algebra_of_step :=
  first [ solve [ ring ] | solve [ field; apart ] | solve [ nra ] | solve [ field_simplify_eq; [ nra | apart ] ] ].

(* 1. what is left over *)
Theorem step_1 : forall beta_2 beta_1 m g K e : R,
  0 < beta_2 ->
  beta_2 < 1 ->
  0 < beta_1 ->
  beta_1 < 1 ->
  0 < K ->
  0 <= e ->
  K <> 0 ->
  (1 + ((-1) * beta_2)) <> 0 ->
  beta_2 <> 0 ->
  (((-1) * (((g * (1 + ((-1) * beta_1))) + (m * beta_1)) ^ 2)) + ((((g ^ 2) * (1 + ((-1) * beta_2))) + (beta_2 * (/ K) * (e + (m ^ 2)))) * ((((1 + ((-1) * beta_1)) ^ 2) * (/ (1 + ((-1) * beta_2)))) + (K * (beta_1 ^ 2) * (/ beta_2)))))
  = ((e * ((beta_1 ^ 2) + (beta_2 * (/ K) * ((1 + ((-1) * beta_1)) ^ 2) * (/ (1 + ((-1) * beta_2)))))) + ((/ K) * (/ beta_2) * (/ (1 + ((-1) * beta_2))) * (((m * beta_2 * (1 + ((-1) * beta_1))) + ((-1) * g * K * beta_1 * (1 + ((-1) * beta_2)))) ^ 2))).
Proof. intros; algebra_of_step. Qed.

(* 3. the first update, with K = (1 - beta1)^2/(1 - beta2): nothing is left over *)
Theorem step_3 : forall beta_1 g : R,
  0 < beta_1 ->
  beta_1 < 1 ->
  ((g ^ 2) * ((1 + ((-1) * beta_1)) ^ 2))
  = ((g ^ 2) * ((1 + ((-1) * beta_1)) ^ 2)).
Proof. intros; algebra_of_step. Qed.

(* 4. K after t updates: the start *)
Theorem step_4 : forall beta_2 beta_1 : R,
  0 < beta_2 ->
  beta_2 < 1 ->
  0 < beta_1 ->
  beta_1 < 1 ->
  (1 + ((-1) * beta_2)) <> 0 ->
  (((1 + ((-1) * beta_1)) ^ 2) * (/ (1 + ((-1) * beta_2))))
  = (((1 + ((-1) * beta_1)) ^ 2) * (/ (1 + ((-1) * beta_2)))).
Proof. intros; algebra_of_step. Qed.

(* 8. the square of a step *)
Theorem step_8 : forall eta beta_2 beta_1 m g p q v : R,
  0 < eta ->
  0 < beta_2 ->
  beta_2 < 1 ->
  0 < beta_1 ->
  beta_1 < 1 ->
  0 < p ->
  p < 1 ->
  0 < q ->
  q < 1 ->
  0 < v ->
  p <> 0 ->
  ((beta_2 * v) + ((g ^ 2) * (1 + ((-1) * beta_2)))) <> 0 ->
  (q * (eta ^ 2) * (/ (p ^ 2)) * (((g * (1 + ((-1) * beta_1))) + (m * beta_1)) ^ 2) * (/ ((beta_2 * v) + ((g ^ 2) * (1 + ((-1) * beta_2))))))
  = (q * (eta ^ 2) * (/ (p ^ 2)) * (((g * (1 + ((-1) * beta_1))) + (m * beta_1)) ^ 2) * (/ ((beta_2 * v) + ((g ^ 2) * (1 + ((-1) * beta_2)))))).
Proof. intros; algebra_of_step. Qed.

(* 10. the correction *)
Theorem step_10 : forall x y : R,
  0 < x ->
  x < 1 ->
  0 < y ->
  y < 1 ->
  (((1 + ((-1) * x * y)) ^ 2) + ((-1) * (1 + ((-1) * (x ^ 2))) * (1 + ((-1) * (y ^ 2)))))
  = ((x + ((-1) * y)) ^ 2).
Proof. intros; algebra_of_step. Qed.

(* 12. the square of the bound at the defaults *)
Theorem step_12 : (370 / 7)
  = (370 / 7).
Proof. intros; algebra_of_step. Qed.
