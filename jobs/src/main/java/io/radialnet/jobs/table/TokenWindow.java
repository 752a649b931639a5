package io.radialnet.jobs.table;

import java.util.Arrays;

/**
 * One window of T tokens as {@link TokenRatiosReader} finds it, with the measures asked for. The
 * reader fills the same object again and again: what has to outlive the next window is copied. The
 * arrays may be longer than T tokens need. Not thread-safe.
 */
public final class TokenWindow {

  /** Stands for a token without a number, such as a patch of an image. */
  public static final int NO_TOKEN = -1;

  private final int layers;
  private String docId = "";
  private int window;
  private int tokens;
  private int[] positions = new int[256];
  private int[] tokenIds = new int[256];
  private boolean[] special = new boolean[256];
  private final String[] kept;
  private final float[][] measures;

  TokenWindow(int layers, int keptColumns, int measureColumns) {
    this.layers = layers;
    this.kept = new String[keptColumns];
    this.measures = new float[measureColumns][256 * layers];
  }

  /** The document's id. */
  public String docId() {
    return docId;
  }

  /** 0-based window of the document. */
  public int window() {
    return window;
  }

  /** L. */
  public int layers() {
    return layers;
  }

  /** T. */
  public int tokens() {
    return tokens;
  }

  /** (T) ascending, 0-based. */
  public int[] positions() {
    return positions;
  }

  /** (T), {@link #NO_TOKEN} where there is none. */
  public int[] tokenIds() {
    return tokenIds;
  }

  /** (T). */
  public boolean[] special() {
    return special;
  }

  /** The document's value in a kept column as text, null where it has none. */
  public String kept(int column) {
    return kept[column];
  }

  /** (T, L), token by token, of a measure in the order asked for. */
  public float[] measure(int column) {
    return measures[column];
  }

  void begin(String newDocId, int newWindow) {
    docId = newDocId;
    window = newWindow;
    tokens = 0;
  }

  void kept(int column, String value) {
    kept[column] = value;
  }

  void add(int position, int tokenId, boolean isSpecial) {
    if (tokens == positions.length) {
      positions = Arrays.copyOf(positions, 2 * tokens);
      tokenIds = Arrays.copyOf(tokenIds, 2 * tokens);
      special = Arrays.copyOf(special, 2 * tokens);
    }
    positions[tokens] = position;
    tokenIds[tokens] = tokenId;
    special[tokens] = isSpecial;
    tokens++;
  }

  /** The array of a measure, long enough for the tokens so far. */
  float[] roomy(int column) {
    int needed = Math.multiplyExact(tokens, layers);
    if (measures[column].length < needed) {
      measures[column] =
          Arrays.copyOf(measures[column], Math.max(needed, 2 * measures[column].length));
    }
    return measures[column];
  }
}
