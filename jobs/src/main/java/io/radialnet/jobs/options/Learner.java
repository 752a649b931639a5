package io.radialnet.jobs.options;

import java.util.Locale;

/** What a router can be: the values of {@code --learner}. */
public enum Learner {
  /** A perceptron with one hidden layer, the paper's choice. */
  MLP,
  /** A logistic regression. */
  LOGISTIC,
  /** Gradient-boosted trees: the reference for what is learnable. */
  GBT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
