(* RMSProp and Adam do not feel the scale of the gradient, and rare features get larger steps: with eps = 0: g -> c g gives m -> c m, v -> c^2 v and the same theta; a gradient of period k moves theta by eta sqrt((1 - rho^k)/(1 - rho))
   Those of its steps that are identities of rational functions, or under a root:
   for all admissible letters, wherever both sides have a value.
   16 of 22 steps.
   To check it  coqc FILE.v
   Made by      refopt derive rescaling --certificate derive_rescaling.v *)
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

(* 1. RMSProp: the start *)
Theorem step_1 : 0
  = 0.
Proof. intros; algebra_of_step. Qed.

(* 2. RMSProp: the mean square *)
Theorem step_2 : forall c g v rho : R,
  0 < c ->
  g <> 0 ->
  0 <= v ->
  0 < rho ->
  rho < 1 ->
  ((v * rho * (c ^ 2)) + ((g ^ 2) * (c ^ 2) * (1 + ((-1) * rho))))
  = ((c ^ 2) * ((v * rho) + ((g ^ 2) * (1 + ((-1) * rho))))).
Proof. intros; algebra_of_step. Qed.

(* 3. RMSProp: theta *)
Theorem step_3 : forall eta c theta g v rho : R,
  0 < eta ->
  0 < c ->
  g <> 0 ->
  0 <= v ->
  0 < rho ->
  rho < 1 ->
  (sqrt ((v * rho * (c ^ 2)) + ((g ^ 2) * (c ^ 2) * (1 + ((-1) * rho))))) <> 0 ->
  (sqrt ((v * rho) + ((g ^ 2) * (1 + ((-1) * rho))))) <> 0 ->
  0 <= ((v * rho * (c ^ 2)) + ((g ^ 2) * (c ^ 2) * (1 + ((-1) * rho)))) ->
  0 <= ((v * rho) + ((g ^ 2) * (1 + ((-1) * rho)))) ->
  (theta + ((-1) * g * c * eta * (/ (sqrt ((v * rho * (c ^ 2)) + ((g ^ 2) * (c ^ 2) * (1 + ((-1) * rho))))))))
  = (theta + ((-1) * g * eta * (/ (sqrt ((v * rho) + ((g ^ 2) * (1 + ((-1) * rho)))))))).
Proof. intros; split_roots; one_name sqrt; scaled_roots; known_roots; algebra_of_step. Qed.

(* 4. Adam: the start of m *)
Theorem step_4 : 0
  = 0.
Proof. intros; algebra_of_step. Qed.

(* 5. Adam: the start of v *)
Theorem step_5 : 0
  = 0.
Proof. intros; algebra_of_step. Qed.

(* 6. Adam: the first moment *)
Theorem step_6 : forall c m g beta_1 : R,
  0 < c ->
  g <> 0 ->
  0 < beta_1 ->
  beta_1 < 1 ->
  ((m * beta_1 * c) + (g * c * (1 + ((-1) * beta_1))))
  = (c * ((m * beta_1) + (g * (1 + ((-1) * beta_1))))).
Proof. intros; algebra_of_step. Qed.

(* 7. Adam: the second moment *)
Theorem step_7 : forall c g v beta_2 : R,
  0 < c ->
  g <> 0 ->
  0 <= v ->
  0 < beta_2 ->
  beta_2 < 1 ->
  ((v * beta_2 * (c ^ 2)) + ((g ^ 2) * (c ^ 2) * (1 + ((-1) * beta_2))))
  = ((c ^ 2) * ((v * beta_2) + ((g ^ 2) * (1 + ((-1) * beta_2))))).
Proof. intros; algebra_of_step. Qed.

(* 8. Adam: theta *)
Theorem step_8 : forall eta c theta m g v beta_1 beta_2 p q : R,
  0 < eta ->
  0 < c ->
  g <> 0 ->
  0 <= v ->
  0 < beta_1 ->
  beta_1 < 1 ->
  0 < beta_2 ->
  beta_2 < 1 ->
  0 < p ->
  p < 1 ->
  0 < q ->
  q < 1 ->
  p <> 0 ->
  (sqrt ((v * beta_2 * (c ^ 2)) + ((g ^ 2) * (c ^ 2) * (1 + ((-1) * beta_2))))) <> 0 ->
  (sqrt ((v * beta_2) + ((g ^ 2) * (1 + ((-1) * beta_2))))) <> 0 ->
  0 <= ((v * beta_2 * (c ^ 2)) + ((g ^ 2) * (c ^ 2) * (1 + ((-1) * beta_2)))) ->
  0 <= ((v * beta_2) + ((g ^ 2) * (1 + ((-1) * beta_2)))) ->
  (theta + ((-1) * eta * (/ p) * (sqrt q) * (/ (sqrt ((v * beta_2 * (c ^ 2)) + ((g ^ 2) * (c ^ 2) * (1 + ((-1) * beta_2)))))) * ((m * beta_1 * c) + (g * c * (1 + ((-1) * beta_1))))))
  = (theta + ((-1) * eta * (/ p) * (sqrt q) * (/ (sqrt ((v * beta_2) + ((g ^ 2) * (1 + ((-1) * beta_2)))))) * ((m * beta_1) + (g * (1 + ((-1) * beta_1)))))).
Proof. intros; split_roots; one_name sqrt; scaled_roots; known_roots; algebra_of_step. Qed.

(* 9. so the first step is eta, against a gradient above 0 *)
Theorem step_9 : forall eta theta : R,
  0 < eta ->
  (theta + ((-1) * eta))
  = (theta + ((-1) * eta)).
Proof. intros; algebra_of_step. Qed.

(* 10. so the first step is eta, against a gradient below 0 *)
Theorem step_10 : forall eta theta : R,
  0 < eta ->
  (theta + eta)
  = (theta + eta).
Proof. intros; algebra_of_step. Qed.

(* 11. plain descent's step grows by c *)
Theorem step_11 : forall eta c theta g : R,
  0 < eta ->
  0 < c ->
  g <> 0 ->
  (theta + ((-1) * g * c * eta))
  = (theta + ((-1) * g * c * eta)).
Proof. intros; algebra_of_step. Qed.

(* 14. an update without it *)
Theorem step_14 : forall v rho : R,
  0 <= v ->
  0 < rho ->
  rho < 1 ->
  (v * rho)
  = (v * rho).
Proof. intros; algebra_of_step. Qed.

(* 15. and theta does not move *)
Theorem step_15 : forall theta : R,
  theta
  = theta.
Proof. intros; algebra_of_step. Qed.

(* 16. V after a period is V again *)
Theorem step_16 : forall c rho r : R,
  0 < c ->
  0 < rho ->
  rho < 1 ->
  0 < r ->
  r < 1 ->
  (1 + ((-1) * r * rho)) <> 0 ->
  (((c ^ 2) * (1 + ((-1) * rho))) + (r * rho * (c ^ 2) * (/ (1 + ((-1) * r * rho))) * (1 + ((-1) * rho))))
  = ((c ^ 2) * (/ (1 + ((-1) * r * rho))) * (1 + ((-1) * rho))).
Proof. intros; algebra_of_step. Qed.

(* 17. a difference h shrinks by rho^k *)
Theorem step_17 : forall c rho r h : R,
  0 < c ->
  0 < rho ->
  rho < 1 ->
  0 < r ->
  r < 1 ->
  0 <= h ->
  (1 + ((-1) * r * rho)) <> 0 ->
  (((c ^ 2) * (1 + ((-1) * rho))) + (r * rho * (h + ((c ^ 2) * (/ (1 + ((-1) * r * rho))) * (1 + ((-1) * rho))))) + ((-1) * (c ^ 2) * (/ (1 + ((-1) * r * rho))) * (1 + ((-1) * rho))))
  = (h * r * rho).
Proof. intros; algebra_of_step. Qed.

(* 19. seen at every update it moves by eta *)
Theorem step_19 : 1
  = 1.
Proof. intros; algebra_of_step. Qed.

(* 18. so at a sighting theta moves by: not written, two roots of unlike values: its proof needs a square that the tactics below do not find *)
