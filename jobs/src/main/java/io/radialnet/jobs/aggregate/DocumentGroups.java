package io.radialnet.jobs.aggregate;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.datasketches.hash.MurmurHash3;

/**
 * Histograms of ratios over {@link RatioBins} in each of at most 1,024 groups of documents: what a
 * bootstrap over documents resamples. A document's group is a hash of its id, so that it does not
 * depend on how the data is split. Immutable, serialized, mergeable.
 *
 * <p>Encoded as {@link Varints}: a version, then for each group that has ratios, in ascending
 * order, its distance from the one before, the number of its bins that are not empty, and for each
 * of these the distance from the bin before and the count. Distances begin at -1.
 */
final class DocumentGroups implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The most groups there are. */
  static final int MAX_GROUPS = 1024;

  private static final int VERSION = 1;
  private static final long HASH_SEED = 0x7261_6469_616cL;

  private final byte[] encoded;

  private DocumentGroups(byte[] encoded) {
    this.encoded = encoded;
  }

  /** The group of a document. */
  static int groupOf(String docId) {
    byte[] bytes = docId.getBytes(StandardCharsets.UTF_8);
    long hash = bytes.length == 0 ? 0 : MurmurHash3.hash(bytes, HASH_SEED)[0];
    return (int) Long.remainderUnsigned(hash, MAX_GROUPS);
  }

  /** From {@link #toBytes}. */
  static DocumentGroups fromBytes(byte[] encoded) {
    if (encoded.length == 0 || encoded[0] != VERSION) {
      throw new IllegalStateException("document groups are of another version");
    }
    return new DocumentGroups(encoded.clone());
  }

  byte[] toBytes() {
    return encoded.clone();
  }

  /** No group. */
  static DocumentGroups none() {
    return new Builder().build();
  }

  /** The sums of two, group by group. */
  DocumentGroups merge(DocumentGroups other) {
    Builder sum = new Builder();
    Reader a = new Reader(encoded);
    Reader b = new Reader(other.encoded);
    HistogramSum histogram = new HistogramSum();
    while (a.group < MAX_GROUPS || b.group < MAX_GROUPS) {
      int group = Math.min(a.group, b.group);
      if (a.group < b.group) {
        sum.add(group, encoded, a.histogramAt(), a.skip());
      } else if (b.group < a.group) {
        sum.add(group, other.encoded, b.histogramAt(), b.skip());
      } else {
        a.addTo(histogram);
        b.addTo(histogram);
        sum.add(group, histogram);
      }
    }
    return sum.build();
  }

  /** The histogram over all groups. */
  long[] total() {
    HistogramSum histogram = new HistogramSum();
    for (Reader reader = new Reader(encoded); reader.group < MAX_GROUPS; ) {
      reader.addTo(histogram);
    }
    return histogram.toArray();
  }

  /** The groups that have ratios, ascending. */
  int[] groups() {
    int[] groups = new int[MAX_GROUPS];
    int count = 0;
    for (Reader reader = new Reader(encoded); reader.group < MAX_GROUPS; reader.skip()) {
      groups[count++] = reader.group;
    }
    return Arrays.copyOf(groups, count);
  }

  /** The histograms of {@link #groups}, each cut to the bins from {@code first} on. */
  double[][] histograms(int first, int bins) {
    double[][] histograms = new double[groups().length][bins];
    HistogramSum histogram = new HistogramSum();
    int index = 0;
    for (Reader reader = new Reader(encoded); reader.group < MAX_GROUPS; index++) {
      reader.addTo(histogram);
      histogram.moveTo(histograms[index], first);
    }
    return histograms;
  }

  /** Takes groups in ascending order. Not thread-safe. */
  static final class Builder {
    private final Varints.Writer out = new Varints.Writer();
    private int before = -1;

    Builder() {
      out.write(VERSION);
    }

    /** Adds a histogram, which begins again. */
    void add(int group, HistogramSum histogram) {
      begin(group);
      histogram.writeTo(out);
    }

    /** Adds a histogram as {@link HistogramSum} wrote it. */
    void add(int group, byte[] encodedHistogram, int from, int to) {
      begin(group);
      out.copy(encodedHistogram, from, to);
    }

    private void begin(int group) {
      out.write(group - before);
      before = group;
    }

    DocumentGroups build() {
      return new DocumentGroups(out.toBytes());
    }
  }

  /** Goes through the groups. */
  private static final class Reader {
    private final Varints.Cursor cursor;
    private int group = -1;

    Reader(byte[] encoded) {
      cursor = new Varints.Cursor(encoded);
      cursor.next(); // version
      advance();
    }

    private void advance() {
      group = cursor.hasNext() ? group + cursor.nextInt() : MAX_GROUPS;
    }

    int histogramAt() {
      return cursor.position();
    }

    /** Goes to the next group; returns where this one's histogram ended. */
    int skip() {
      int filled = cursor.nextInt();
      for (int i = 0; i < 2 * filled; i++) {
        cursor.next();
      }
      int end = cursor.position();
      advance();
      return end;
    }

    /** Adds this group's histogram and goes to the next group. */
    void addTo(HistogramSum histogram) {
      histogram.add(cursor);
      advance();
    }
  }
}
