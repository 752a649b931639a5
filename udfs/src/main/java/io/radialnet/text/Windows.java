package io.radialnet.text;

import io.radialnet.error.UserException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Cuts documents into consecutive windows, so that none of their tokens is lost. Each window starts
 * and ends with the tokens that the tokenizer inserts, when they are wanted. Immutable,
 * thread-safe.
 */
public final class Windows {

  /** Whether a window gets the tokens that the tokenizer inserts around a text. */
  public enum SpecialTokens {
    ADDED,
    OMITTED
  }

  private static final TokenizedText NONE =
      new TokenizedText(new int[0], new String[0], new boolean[0]);

  private final TokenizedText prefix;
  private final TokenizedText suffix;
  private final int room;

  /**
   * @param maxLength positions of a window at most, inserted tokens counted
   * @throws UserException if that leaves no room for a token of the document
   */
  public Windows(TextTokenizer tokenizer, SpecialTokens specialTokens, int maxLength) {
    boolean added = specialTokens == SpecialTokens.ADDED;
    this.prefix = added ? tokenizer.prefix() : NONE;
    this.suffix = added ? tokenizer.suffix() : NONE;
    this.room = maxLength - prefix.length() - suffix.length();
    if (room < 1) {
      throw UserException.of(
          "Cannot cut documents into windows of " + maxLength + " tokens",
          "the tokenizer inserts " + (maxLength - room) + " of its own into each",
          "Choose a --max-length of at least "
              + (maxLength - room + 1)
              + ", or --add-special-tokens false");
    }
  }

  /**
   * The windows of a document, made one by one. A document without tokens has one window of the
   * inserted tokens alone, or none where nothing is inserted.
   */
  public Iterable<Window> of(TokenizedText document) {
    int windows = Math.max(1, (document.length() + room - 1) / room);
    boolean nothing = document.length() + prefix.length() + suffix.length() == 0;
    return () -> new WindowIterator(document, nothing ? 0 : windows);
  }

  private final class WindowIterator implements Iterator<Window> {
    private final TokenizedText document;
    private final int count;
    private int next;

    WindowIterator(TokenizedText document, int count) {
      this.document = document;
      this.count = count;
    }

    @Override
    public boolean hasNext() {
      return next < count;
    }

    @Override
    public Window next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int fromToken = next * room;
      int toToken = Math.min(document.length(), fromToken + room);
      return cut(document, next++, fromToken, toToken);
    }
  }

  private Window cut(TokenizedText document, int index, int fromToken, int toToken) {
    int inner = toToken - fromToken;
    int length = prefix.length() + inner + suffix.length();
    int[] ids = new int[length];
    String[] tokens = new String[length];
    boolean[] special = new boolean[length];
    int[] docPositions = new int[length];
    Arrays.fill(docPositions, -1);
    copy(prefix, 0, prefix.length(), ids, tokens, special, 0);
    copy(document, fromToken, inner, ids, tokens, special, prefix.length());
    copy(suffix, 0, suffix.length(), ids, tokens, special, prefix.length() + inner);
    for (int i = 0; i < inner; i++) {
      docPositions[prefix.length() + i] = fromToken + i;
    }
    return new Window(index, ids, tokens, special, docPositions);
  }

  private static void copy(
      TokenizedText from,
      int start,
      int count,
      int[] ids,
      String[] tokens,
      boolean[] special,
      int at) {
    System.arraycopy(from.ids(), start, ids, at, count);
    System.arraycopy(from.tokens(), start, tokens, at, count);
    System.arraycopy(from.special(), start, special, at, count);
  }
}
