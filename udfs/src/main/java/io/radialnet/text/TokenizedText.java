package io.radialnet.text;

/**
 * The tokens of one text, without those that a tokenizer inserts. The arrays have one entry a token
 * and are not to be changed.
 *
 * @param ids token ids
 * @param tokens as the vocabulary spells them
 * @param special whether the token is one of the tokenizer's special tokens, here written out in
 *     the text
 */
@SuppressWarnings("ArrayRecordComponent") // Tokens on their way to a batch: never compared.
public record TokenizedText(int[] ids, String[] tokens, boolean[] special) {

  /** How many tokens there are. */
  public int length() {
    return ids.length;
  }
}
