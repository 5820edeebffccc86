(* Nesterov's three forms are one: with y = x + gamma w and v = -w all three give the same x, y and velocity at every step, for any loss
   Those of its steps that are identities of rational functions, or under a root:
   for all admissible letters, wherever both sides have a value.
   6 of 10 steps.
   To check it  coqc FILE.v
   Made by      refopt derive nesterov_forms --certificate derive_nesterov_forms.v *)
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

(* 5. both start at rest *)
Theorem step_5 : 0
  = 0.
Proof. intros; algebra_of_step. Qed.

(* 6. velocity downhill: theta *)
Theorem step_6 : forall eta gamma theta v g : R,
  0 < eta ->
  0 < gamma ->
  gamma < 1 ->
  (theta + (gamma * (((-1) * g * eta) + ((-1) * v * gamma))) + ((-1) * g * eta))
  = (theta + ((-1) * g * eta) + ((-1) * gamma * ((g * eta) + (v * gamma)))).
Proof. intros; algebra_of_step. Qed.

(* 7. velocity downhill: the velocity *)
Theorem step_7 : forall eta gamma v g : R,
  0 < eta ->
  0 < gamma ->
  gamma < 1 ->
  (((-1) * g * eta) + ((-1) * v * gamma))
  = (((-1) * g * eta) + ((-1) * v * gamma)).
Proof. intros; algebra_of_step. Qed.

(* 8. rate outside, constant: theta *)
Theorem step_8 : forall eta gamma theta v g : R,
  0 < eta ->
  0 < gamma ->
  gamma < 1 ->
  eta <> 0 ->
  (theta + ((-1) * eta * (g + (gamma * (g + (v * gamma * (/ eta)))))))
  = (theta + ((-1) * g * eta) + ((-1) * gamma * ((g * eta) + (v * gamma)))).
Proof. intros; algebra_of_step. Qed.

(* 9. rate outside, constant: the velocity *)
Theorem step_9 : forall eta gamma v g : R,
  0 < eta ->
  0 < gamma ->
  gamma < 1 ->
  eta <> 0 ->
  (eta * (g + (v * gamma * (/ eta))))
  = ((g * eta) + (v * gamma)).
Proof. intros; algebra_of_step. Qed.

(* 10. beside plain momentum *)
Theorem step_10 : forall eta gamma v g : R,
  0 < eta ->
  0 < gamma ->
  gamma < 1 ->
  ((gamma * ((g * eta) + (v * gamma))) + ((-1) * v * gamma))
  = (gamma * (((-1) * v) + (g * eta) + (v * gamma))).
Proof. intros; algebra_of_step. Qed.
