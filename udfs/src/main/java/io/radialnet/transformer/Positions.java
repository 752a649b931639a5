package io.radialnet.transformer;

import java.util.List;

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
   * @param rotated how many of a head's numbers are rotated, the first ones. Where it is odd one
   *     more is, with the wavelengths of the odd number, as transformers has it
   * @param layers the frequencies of each layer, L of them
   */
  record Rotary(int count, int rotated, List<Frequencies> layers) implements Positions {

    public Rotary {
      layers = List.copyOf(layers);
    }
  }

  /**
   * The frequencies of a rotation.
   *
   * @param theta base of the wavelengths
   */
  record Frequencies(double theta, RopeScaling scaling) {}
}
