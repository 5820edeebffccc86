(* A mini-batch gradient is right on average, and its noise falls as 1/B: mean g; variance sigma^2/B with replacement, (N - B)/(N - 1) sigma^2/B without
   Those of its steps that are identities of rational functions, or under a root:
   for all admissible letters, wherever both sides have a value.
   11 of 12 steps.
   To check it  coqc FILE.v
   Made by      refopt derive mini_batch --certificate derive_mini_batch.v *)
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

(* 1. drawn with replacement they are independent, c = 0 *)
Theorem step_1 : forall sigma B : R,
  0 < sigma ->
  1 <= B ->
  B <> 0 ->
  ((sigma ^ 2) * (/ B))
  = ((sigma ^ 2) * (/ B)).
Proof. intros; algebra_of_step. Qed.

(* 2. the covariance *)
Theorem step_2 : forall sigma B D : R,
  0 < sigma ->
  1 <= B ->
  1 <= D ->
  ((-1) + B + D) <> 0 ->
  ((-1) * (sigma ^ 2) * (/ ((-1) + B + D)))
  = ((-1) * (sigma ^ 2) * (/ ((-1) + B + D))).
Proof. intros; algebra_of_step. Qed.

(* 3. the variance without replacement *)
Theorem step_3 : forall sigma B D : R,
  0 < sigma ->
  1 <= B ->
  1 <= D ->
  B <> 0 ->
  ((-1) + B + D) <> 0 ->
  ((/ (B ^ 2)) * ((B * (sigma ^ 2)) + ((-1) * B * (sigma ^ 2) * (/ ((-1) + B + D)) * ((-1) + B))))
  = (D * (sigma ^ 2) * (/ B) * (/ ((-1) + B + D))).
Proof. intros; algebra_of_step. Qed.

(* 5. the whole set has none *)
Theorem step_5 : 0
  = 0.
Proof. intros; algebra_of_step. Qed.

(* 6. the mean over all 16 batches, with replacement *)
Theorem step_6 : forall x_1 x_2 x_3 x_4 : R,
  (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4))
  = (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4)).
Proof. intros; algebra_of_step. Qed.

(* 7. the variance, with replacement *)
Theorem step_7 : forall x_1 x_2 x_3 x_4 : R,
  (((1 / 8) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4)) ^ 2)) + ((1 / 8) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_3) + ((1 / 4) * x_2) + ((1 / 4) * x_4)) ^ 2)) + ((1 / 8) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_4) + ((1 / 4) * x_2) + ((1 / 4) * x_3)) ^ 2)) + ((1 / 8) * ((((-1 / 4) * x_2) + ((-1 / 4) * x_3) + ((1 / 4) * x_1) + ((1 / 4) * x_4)) ^ 2)) + ((1 / 8) * ((((-1 / 4) * x_2) + ((-1 / 4) * x_4) + ((1 / 4) * x_1) + ((1 / 4) * x_3)) ^ 2)) + ((1 / 8) * ((((-1 / 4) * x_3) + ((-1 / 4) * x_4) + ((1 / 4) * x_1) + ((1 / 4) * x_2)) ^ 2)) + ((1 / 16) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_2) + ((-1 / 4) * x_3) + ((3 / 4) * x_4)) ^ 2)) + ((1 / 16) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_2) + ((-1 / 4) * x_4) + ((3 / 4) * x_3)) ^ 2)) + ((1 / 16) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_3) + ((-1 / 4) * x_4) + ((3 / 4) * x_2)) ^ 2)) + ((1 / 16) * ((((-1 / 4) * x_2) + ((-1 / 4) * x_3) + ((-1 / 4) * x_4) + ((3 / 4) * x_1)) ^ 2)))
  = (((1 / 8) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_2) + ((-1 / 4) * x_3) + ((3 / 4) * x_4)) ^ 2)) + ((1 / 8) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_2) + ((-1 / 4) * x_4) + ((3 / 4) * x_3)) ^ 2)) + ((1 / 8) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_3) + ((-1 / 4) * x_4) + ((3 / 4) * x_2)) ^ 2)) + ((1 / 8) * ((((-1 / 4) * x_2) + ((-1 / 4) * x_3) + ((-1 / 4) * x_4) + ((3 / 4) * x_1)) ^ 2))).
Proof. intros; algebra_of_step. Qed.

(* 8. the mean over all 6 batches, without replacement *)
Theorem step_8 : forall x_1 x_2 x_3 x_4 : R,
  (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4))
  = (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4)).
Proof. intros; algebra_of_step. Qed.

(* 9. the variance, without replacement *)
Theorem step_9 : forall x_1 x_2 x_3 x_4 : R,
  (((1 / 6) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4)) ^ 2)) + ((1 / 6) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_3) + ((1 / 4) * x_2) + ((1 / 4) * x_4)) ^ 2)) + ((1 / 6) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_4) + ((1 / 4) * x_2) + ((1 / 4) * x_3)) ^ 2)) + ((1 / 6) * ((((-1 / 4) * x_2) + ((-1 / 4) * x_3) + ((1 / 4) * x_1) + ((1 / 4) * x_4)) ^ 2)) + ((1 / 6) * ((((-1 / 4) * x_2) + ((-1 / 4) * x_4) + ((1 / 4) * x_1) + ((1 / 4) * x_3)) ^ 2)) + ((1 / 6) * ((((-1 / 4) * x_3) + ((-1 / 4) * x_4) + ((1 / 4) * x_1) + ((1 / 4) * x_2)) ^ 2)))
  = (((1 / 12) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_2) + ((-1 / 4) * x_3) + ((3 / 4) * x_4)) ^ 2)) + ((1 / 12) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_2) + ((-1 / 4) * x_4) + ((3 / 4) * x_3)) ^ 2)) + ((1 / 12) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_3) + ((-1 / 4) * x_4) + ((3 / 4) * x_2)) ^ 2)) + ((1 / 12) * ((((-1 / 4) * x_2) + ((-1 / 4) * x_3) + ((-1 / 4) * x_4) + ((3 / 4) * x_1)) ^ 2))).
Proof. intros; algebra_of_step. Qed.

(* 10. a step *)
Theorem step_10 : forall x_1 x_2 x_3 x_4 eta theta : R,
  0 < eta ->
  (theta + ((-1) * eta * (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4))))
  = (theta + ((-1) * eta * (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4)))).
Proof. intros; algebra_of_step. Qed.

(* 11. the mean step *)
Theorem step_11 : forall x_1 x_2 x_3 x_4 eta theta : R,
  0 < eta ->
  (theta + ((-1 / 6) * eta * (((1 / 2) * x_1) + ((1 / 2) * x_2))) + ((-1 / 6) * eta * (((1 / 2) * x_1) + ((1 / 2) * x_3))) + ((-1 / 6) * eta * (((1 / 2) * x_1) + ((1 / 2) * x_4))) + ((-1 / 6) * eta * (((1 / 2) * x_2) + ((1 / 2) * x_3))) + ((-1 / 6) * eta * (((1 / 2) * x_2) + ((1 / 2) * x_4))) + ((-1 / 6) * eta * (((1 / 2) * x_3) + ((1 / 2) * x_4))))
  = (theta + ((-1) * eta * (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4)))).
Proof. intros; algebra_of_step. Qed.

(* 12. the noise of a step *)
Theorem step_12 : forall x_1 x_2 x_3 x_4 eta : R,
  0 < eta ->
  (((1 / 6) * (((eta * (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4))) + ((-1) * eta * (((1 / 2) * x_1) + ((1 / 2) * x_2)))) ^ 2)) + ((1 / 6) * (((eta * (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4))) + ((-1) * eta * (((1 / 2) * x_1) + ((1 / 2) * x_3)))) ^ 2)) + ((1 / 6) * (((eta * (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4))) + ((-1) * eta * (((1 / 2) * x_1) + ((1 / 2) * x_4)))) ^ 2)) + ((1 / 6) * (((eta * (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4))) + ((-1) * eta * (((1 / 2) * x_2) + ((1 / 2) * x_3)))) ^ 2)) + ((1 / 6) * (((eta * (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4))) + ((-1) * eta * (((1 / 2) * x_2) + ((1 / 2) * x_4)))) ^ 2)) + ((1 / 6) * (((eta * (((1 / 4) * x_1) + ((1 / 4) * x_2) + ((1 / 4) * x_3) + ((1 / 4) * x_4))) + ((-1) * eta * (((1 / 2) * x_3) + ((1 / 2) * x_4)))) ^ 2)))
  = ((1 / 3) * (eta ^ 2) * (((1 / 4) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_2) + ((-1 / 4) * x_3) + ((3 / 4) * x_4)) ^ 2)) + ((1 / 4) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_2) + ((-1 / 4) * x_4) + ((3 / 4) * x_3)) ^ 2)) + ((1 / 4) * ((((-1 / 4) * x_1) + ((-1 / 4) * x_3) + ((-1 / 4) * x_4) + ((3 / 4) * x_2)) ^ 2)) + ((1 / 4) * ((((-1 / 4) * x_2) + ((-1 / 4) * x_3) + ((-1 / 4) * x_4) + ((3 / 4) * x_1)) ^ 2)))).
Proof. intros; algebra_of_step. Qed.
