(* refopt.generated.numpy.cocob_bet is cocob/bet:
   for every parameter, gradient, state, update and admissible hyperparameter, over the real numbers, one element.

   The source   its own NumPy code, run on arrays of symbols
   The rule     cocob/bet: Orabona & Tommasi 2017, Algorithm 2, COCOB-Backprop; L starts from eps, 0 in the paper, arXiv:1705.07795
   To check it  coqc FILE.v
   Made by      refopt prove refopt.generated.numpy.cocob_bet --rule cocob/bet --certificate numpy_cocob_bet.v *)
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
Definition abs_sum := 0.
Definition reward := 0.
Definition negative_sum := 0.
Definition bet := 0.
(* hyperparameters and their domains *)
Variables alpha eps : R.
Hypothesis alpha_domain : 0 <= alpha.
Hypothesis eps_domain : 0 <= eps.
Definition scale := eps.
(* what the source does *)
Definition source_scale := Rmax eps (Rabs g).
Definition source_abs_sum := 0 + (Rabs g).
Definition source_reward := Rmax (0 - (g * 0)) 0.
Definition source_negative_sum := 0 - g.
Definition source_bet := (source_negative_sum / (source_scale * (Rmax (source_abs_sum + source_scale) (alpha * source_scale)))) * (source_scale + source_reward).
Definition source_theta := (theta - 0) + source_bet.
(* what cocob/bet says *)
Definition rule_scale := Rmax scale (Rabs g).
Definition rule_abs_sum := abs_sum + Rabs g.
Definition rule_reward := Rmax (reward - g * bet) 0.
Definition rule_negative_sum := negative_sum - g.
Definition rule_unmoved := theta - bet.
Definition rule_bet := rule_negative_sum / (rule_scale * Rmax (rule_abs_sum + rule_scale) (alpha * rule_scale)) * (rule_scale + rule_reward).
Definition rule_theta := rule_unmoved + rule_bet.
(* wherever the rule has a value *)
Hypothesis divides : rule_scale * Rmax (rule_abs_sum + rule_scale) (alpha * rule_scale) <> 0.

Theorem same_scale : source_scale = rule_scale.
Proof.
  unfold rule_scale, scale, source_scale.
  one_larger; algebra.
Qed.

Theorem same_abs_sum : source_abs_sum = rule_abs_sum.
Proof.
  unfold rule_abs_sum, abs_sum, source_abs_sum.
  algebra.
Qed.

Theorem same_reward : source_reward = rule_reward.
Proof.
  unfold rule_reward, bet, reward, source_reward.
  one_larger; algebra.
Qed.

Theorem same_negative_sum : source_negative_sum = rule_negative_sum.
Proof.
  unfold rule_negative_sum, negative_sum, source_negative_sum.
  algebra.
Qed.

Theorem same_bet : source_bet = rule_bet.
Proof.
  unfold rule_bet, rule_reward, bet, reward, rule_abs_sum, abs_sum, rule_scale, scale, rule_negative_sum, negative_sum, source_bet, source_reward, source_abs_sum, source_scale, source_negative_sum.
  one_larger; algebra.
Qed.

Theorem same_theta : source_theta = rule_theta.
Proof.
  unfold rule_theta, rule_bet, rule_reward, reward, rule_abs_sum, abs_sum, rule_scale, scale, rule_negative_sum, negative_sum, rule_unmoved, bet, source_theta, source_bet, source_reward, source_abs_sum, source_scale, source_negative_sum.
  one_larger; algebra.
Qed.
End Update.
End FirstUpdate.

Module LaterUpdate.
Section Update.
(* before the update *)
Variables theta g scale abs_sum reward negative_sum bet : R.
(* hyperparameters and their domains *)
Variables alpha eps : R.
Hypothesis alpha_domain : 0 <= alpha.
Hypothesis eps_domain : 0 <= eps.
Variable t : nat.
Hypothesis later : (2 <= t)%nat.
(* what the source does *)
Definition source_scale := Rmax scale (Rabs g).
Definition source_abs_sum := abs_sum + (Rabs g).
Definition source_reward := Rmax (reward - (g * bet)) 0.
Definition source_negative_sum := negative_sum - g.
Definition source_bet := (source_negative_sum / (source_scale * (Rmax (source_abs_sum + source_scale) (alpha * source_scale)))) * (source_scale + source_reward).
Definition source_theta := (theta - bet) + source_bet.
(* what cocob/bet says *)
Definition rule_scale := Rmax scale (Rabs g).
Definition rule_abs_sum := abs_sum + Rabs g.
Definition rule_reward := Rmax (reward - g * bet) 0.
Definition rule_negative_sum := negative_sum - g.
Definition rule_unmoved := theta - bet.
Definition rule_bet := rule_negative_sum / (rule_scale * Rmax (rule_abs_sum + rule_scale) (alpha * rule_scale)) * (rule_scale + rule_reward).
Definition rule_theta := rule_unmoved + rule_bet.
(* wherever the rule has a value *)
Hypothesis divides : rule_scale * Rmax (rule_abs_sum + rule_scale) (alpha * rule_scale) <> 0.

Theorem same_scale : source_scale = rule_scale.
Proof.
  unfold rule_scale, source_scale.
  one_larger; algebra.
Qed.

Theorem same_abs_sum : source_abs_sum = rule_abs_sum.
Proof.
  unfold rule_abs_sum, source_abs_sum.
  algebra.
Qed.

Theorem same_reward : source_reward = rule_reward.
Proof.
  unfold rule_reward, source_reward.
  one_larger; algebra.
Qed.

Theorem same_negative_sum : source_negative_sum = rule_negative_sum.
Proof.
  unfold rule_negative_sum, source_negative_sum.
  algebra.
Qed.

Theorem same_bet : source_bet = rule_bet.
Proof.
  unfold rule_bet, rule_reward, rule_abs_sum, rule_scale, rule_negative_sum, source_bet, source_reward, source_abs_sum, source_scale, source_negative_sum.
  one_larger; algebra.
Qed.

Theorem same_theta : source_theta = rule_theta.
Proof.
  unfold rule_theta, rule_bet, rule_reward, rule_abs_sum, rule_scale, rule_negative_sum, rule_unmoved, source_theta, source_bet, source_reward, source_abs_sum, source_scale, source_negative_sum.
  one_larger; algebra.
Qed.
End Update.
End LaterUpdate.
