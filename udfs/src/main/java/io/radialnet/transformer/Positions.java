package io.radialnet.transformer;

/** How a token's position enters the network. */
public sealed interface Positions {

  /** How many positions a sequence may have. */
  int count();

  /**
   * A learned table added to the embedding.
   *
   * @param offset row of position 0, 2 for OPT
   */
  record Learned(int count, int offset) implements Positions {}

  /**
   * Rotary: query and key heads are rotated by angles that grow with the position.
   *
   * @param theta base of the wavelengths
   */
  record Rotary(int count, double theta, RopeScaling scaling) implements Positions {}
}
