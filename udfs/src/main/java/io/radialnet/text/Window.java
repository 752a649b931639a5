package io.radialnet.text;

/**
 * Consecutive tokens of a document that fit a model's context. The arrays have one entry a position
 * and are not to be changed.
 *
 * @param index 0-based among the document's windows
 * @param tokenIds token ids
 * @param tokens as the vocabulary spells them
 * @param special whether a token is special, inserted or in the text
 * @param docPositions 0-based position among the document's own tokens, -1 for an inserted token
 */
@SuppressWarnings("ArrayRecordComponent") // Tokens on their way to a batch: never compared.
public record Window(
    int index, int[] tokenIds, String[] tokens, boolean[] special, int[] docPositions) {

  /** How many positions it has, inserted tokens included. */
  public int length() {
    return tokenIds.length;
  }
}
