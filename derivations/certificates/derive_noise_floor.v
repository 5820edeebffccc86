(* A constant rate leaves a noise floor; only decay of the rate lowers it: E theta^2 -> eta sigma^2/(lambda (2 - eta lambda)) at a constant rate; -> 0 with eta_t = 1/(lambda t)
   Those of its steps that are identities of rational functions, or under a root:
   for all admissible letters, wherever both sides have a value.
   10 of 19 steps.
   To check it  coqc FILE.v
   Made by      refopt derive noise_floor --certificate derive_noise_floor.v *)
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

(* 1. the spread after a step *)
Theorem step_1 : forall eta lambda sigma S_ : R,
  0 < eta ->
  0 < lambda ->
  0 < sigma ->
  0 <= S_ ->
  (S_ + ((eta ^ 2) * (sigma ^ 2)) + (S_ * (eta ^ 2) * (lambda ^ 2)) + ((-2) * S_ * eta * lambda))
  = ((S_ * ((1 + ((-1) * eta * lambda)) ^ 2)) + ((eta ^ 2) * (sigma ^ 2))).
Proof. intros; algebra_of_step. Qed.

(* 2. the floor stays what it is *)
Theorem step_2 : forall eta lambda sigma : R,
  0 < eta ->
  0 < lambda ->
  0 < sigma ->
  (2 + ((-1) * eta * lambda)) <> 0 ->
  lambda <> 0 ->
  (((eta ^ 2) * (sigma ^ 2)) + ((-2) * (eta ^ 2) * (sigma ^ 2) * (/ (2 + ((-1) * eta * lambda)))) + (eta * (/ lambda) * (sigma ^ 2) * (/ (2 + ((-1) * eta * lambda)))) + (lambda * (eta ^ 3) * (sigma ^ 2) * (/ (2 + ((-1) * eta * lambda)))))
  = (eta * (/ lambda) * (sigma ^ 2) * (/ (2 + ((-1) * eta * lambda)))).
Proof. intros; algebra_of_step. Qed.

(* 5. which is the floor *)
Theorem step_5 : forall eta lambda sigma : R,
  0 < eta ->
  0 < lambda ->
  0 < sigma ->
  (1 + ((-1) * ((1 + ((-1) * eta * lambda)) ^ 2))) <> 0 ->
  lambda <> 0 ->
  (2 + ((-1) * eta * lambda)) <> 0 ->
  ((eta ^ 2) * (sigma ^ 2) * (/ (1 + ((-1) * ((1 + ((-1) * eta * lambda)) ^ 2)))))
  = (eta * (/ lambda) * (sigma ^ 2) * (/ (2 + ((-1) * eta * lambda)))).
Proof. intros; algebra_of_step. Qed.

(* 9. at the floor E theta^2 stays *)
Theorem step_9 : forall eta lambda sigma gamma : R,
  0 < eta ->
  0 < lambda ->
  0 < sigma ->
  0 < gamma ->
  gamma < 1 ->
  ((2 * lambda) + ((-1) * eta * (lambda ^ 2)) + ((-2) * lambda * (gamma ^ 2)) + (eta * gamma * (lambda ^ 2))) <> 0 ->
  (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)) <> 0 ->
  (((eta ^ 2) * (sigma ^ 2)) + ((/ ((2 * lambda) + ((-1) * eta * (lambda ^ 2)) + ((-2) * lambda * (gamma ^ 2)) + (eta * gamma * (lambda ^ 2)))) * ((eta * (sigma ^ 2)) + (eta * gamma * (sigma ^ 2)))) + ((eta ^ 2) * (lambda ^ 2) * (/ ((2 * lambda) + ((-1) * eta * (lambda ^ 2)) + ((-2) * lambda * (gamma ^ 2)) + (eta * gamma * (lambda ^ 2)))) * ((eta * (sigma ^ 2)) + (eta * gamma * (sigma ^ 2)))) + ((-2) * eta * lambda * (/ ((2 * lambda) + ((-1) * eta * (lambda ^ 2)) + ((-2) * lambda * (gamma ^ 2)) + (eta * gamma * (lambda ^ 2)))) * ((eta * (sigma ^ 2)) + (eta * gamma * (sigma ^ 2)))) + (2 * gamma * (eta ^ 2) * (sigma ^ 2) * (/ (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)))) + (2 * (eta ^ 2) * (gamma ^ 2) * (sigma ^ 2) * (/ (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)))) + ((-2) * gamma * lambda * (eta ^ 3) * (sigma ^ 2) * (/ (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)))))
  = ((/ ((2 * lambda) + ((-1) * eta * (lambda ^ 2)) + ((-2) * lambda * (gamma ^ 2)) + (eta * gamma * (lambda ^ 2)))) * ((eta * (sigma ^ 2)) + (eta * gamma * (sigma ^ 2)))).
Proof. intros; algebra_of_step. Qed.

(* 10. at the floor E theta v stays *)
Theorem step_10 : forall eta lambda sigma gamma : R,
  0 < eta ->
  0 < lambda ->
  0 < sigma ->
  0 < gamma ->
  gamma < 1 ->
  ((2 * lambda) + ((-1) * eta * (lambda ^ 2)) + ((-2) * lambda * (gamma ^ 2)) + (eta * gamma * (lambda ^ 2))) <> 0 ->
  (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)) <> 0 ->
  (((-1) * (eta ^ 2) * (sigma ^ 2)) + (eta * lambda * (/ ((2 * lambda) + ((-1) * eta * (lambda ^ 2)) + ((-2) * lambda * (gamma ^ 2)) + (eta * gamma * (lambda ^ 2)))) * ((eta * (sigma ^ 2)) + (eta * gamma * (sigma ^ 2)))) + ((-1) * gamma * (eta ^ 2) * (sigma ^ 2) * (/ (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)))) + ((-1) * (eta ^ 2) * (lambda ^ 2) * (/ ((2 * lambda) + ((-1) * eta * (lambda ^ 2)) + ((-2) * lambda * (gamma ^ 2)) + (eta * gamma * (lambda ^ 2)))) * ((eta * (sigma ^ 2)) + (eta * gamma * (sigma ^ 2)))) + ((-2) * (eta ^ 2) * (gamma ^ 2) * (sigma ^ 2) * (/ (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)))) + (2 * gamma * lambda * (eta ^ 3) * (sigma ^ 2) * (/ (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)))))
  = ((-1) * (eta ^ 2) * (sigma ^ 2) * (/ (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)))).
Proof. intros; algebra_of_step. Qed.

(* 11. at the floor E v^2 stays *)
Theorem step_11 : forall eta lambda sigma gamma : R,
  0 < eta ->
  0 < lambda ->
  0 < sigma ->
  0 < gamma ->
  gamma < 1 ->
  ((2 * lambda) + ((-1) * eta * (lambda ^ 2)) + ((-2) * lambda * (gamma ^ 2)) + (eta * gamma * (lambda ^ 2))) <> 0 ->
  (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)) <> 0 ->
  (((eta ^ 2) * (sigma ^ 2)) + ((eta ^ 2) * (lambda ^ 2) * (/ ((2 * lambda) + ((-1) * eta * (lambda ^ 2)) + ((-2) * lambda * (gamma ^ 2)) + (eta * gamma * (lambda ^ 2)))) * ((eta * (sigma ^ 2)) + (eta * gamma * (sigma ^ 2)))) + (2 * (eta ^ 2) * (gamma ^ 2) * (sigma ^ 2) * (/ (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)))) + ((-2) * gamma * lambda * (eta ^ 3) * (sigma ^ 2) * (/ (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)))))
  = (2 * (eta ^ 2) * (sigma ^ 2) * (/ (2 + ((-2) * (gamma ^ 2)) + ((-1) * eta * lambda) + (eta * gamma * lambda)))).
Proof. intros; algebra_of_step. Qed.

(* 12. the floor of momentum *)
Theorem step_12 : forall eta lambda sigma gamma : R,
  0 < eta ->
  0 < lambda ->
  0 < sigma ->
  0 < gamma ->
  gamma < 1 ->
  ((2 * lambda) + ((-1) * eta * (lambda ^ 2)) + ((-2) * lambda * (gamma ^ 2)) + (eta * gamma * (lambda ^ 2))) <> 0 ->
  lambda <> 0 ->
  (1 + ((-1) * gamma)) <> 0 ->
  (2 + (2 * gamma) + ((-1) * eta * lambda)) <> 0 ->
  ((/ ((2 * lambda) + ((-1) * eta * (lambda ^ 2)) + ((-2) * lambda * (gamma ^ 2)) + (eta * gamma * (lambda ^ 2)))) * ((eta * (sigma ^ 2)) + (eta * gamma * (sigma ^ 2))))
  = (eta * (/ lambda) * (sigma ^ 2) * (/ (1 + ((-1) * gamma))) * (/ (2 + (2 * gamma) + ((-1) * eta * lambda))) * (1 + gamma)).
Proof. intros; algebra_of_step. Qed.

(* 15. the first update forgets the start *)
Theorem step_15 : forall lambda sigma : R,
  0 < lambda ->
  0 < sigma ->
  lambda <> 0 ->
  ((/ (lambda ^ 2)) * (sigma ^ 2))
  = ((/ (lambda ^ 2)) * (sigma ^ 2)).
Proof. intros; algebra_of_step. Qed.

(* 16. the spread after t updates: the start *)
Theorem step_16 : forall lambda sigma : R,
  0 < lambda ->
  0 < sigma ->
  lambda <> 0 ->
  ((/ (lambda ^ 2)) * (sigma ^ 2))
  = ((/ (lambda ^ 2)) * (sigma ^ 2)).
Proof. intros; algebra_of_step. Qed.

(* 17. the spread after t updates: one step more *)
Theorem step_17 : forall lambda sigma t : R,
  0 < lambda ->
  0 < sigma ->
  1 <= t ->
  ((lambda ^ 2) + ((lambda ^ 2) * (t ^ 2)) + (2 * t * (lambda ^ 2))) <> 0 ->
  lambda <> 0 ->
  t <> 0 ->
  (lambda + (lambda * t)) <> 0 ->
  (1 + t) <> 0 ->
  (((sigma ^ 2) * (/ ((lambda ^ 2) + ((lambda ^ 2) * (t ^ 2)) + (2 * t * (lambda ^ 2))))) + ((/ (lambda ^ 2)) * (sigma ^ 2) * (/ t)) + ((sigma ^ 2) * (/ t) * (/ ((lambda ^ 2) + ((lambda ^ 2) * (t ^ 2)) + (2 * t * (lambda ^ 2))))) + ((-2) * (/ lambda) * (sigma ^ 2) * (/ t) * (/ (lambda + (lambda * t)))))
  = ((/ (lambda ^ 2)) * (sigma ^ 2) * (/ (1 + t))).
Proof. intros; algebra_of_step. Qed.
