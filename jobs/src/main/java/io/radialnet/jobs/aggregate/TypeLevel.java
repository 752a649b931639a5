package io.radialnet.jobs.aggregate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Sums over the occurrences of one level of the factor token type, for {@link VarianceComponents}.
 * A token's value in a block is its mean ratio over layers.
 */
final class TypeLevel {

  /** Occurrences. */
  long tokens;

  /** Sum over documents of the square of the occurrences there. */
  double squaredInDocuments;

  /** Occurrences by position bin. */
  final long[] atPosition = new long[PositionBins.COUNT];

  /** Sum of values, by block. */
  final double[] sums;

  /** Occurrences in the document at hand. */
  int inDocument;

  TypeLevel(int blocks) {
    sums = new double[blocks];
  }

  /** Both as one; the other is not used afterwards. */
  TypeLevel merge(TypeLevel that) {
    tokens += that.tokens;
    squaredInDocuments += that.squaredInDocuments;
    for (int bin = 0; bin < atPosition.length; bin++) {
      atPosition[bin] += that.atPosition[bin];
    }
    for (int block = 0; block < sums.length; block++) {
      sums[block] += that.sums[block];
    }
    return this;
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(tokens);
    out.writeDouble(squaredInDocuments);
    for (double sum : sums) {
      out.writeDouble(sum);
    }
    int bins = atPosition.length;
    while (bins > 0 && atPosition[bins - 1] == 0) {
      bins--;
    }
    out.writeInt(bins);
    for (int bin = 0; bin < bins; bin++) {
      out.writeLong(atPosition[bin]);
    }
  }

  /** Becomes what {@link #write} has written, from nothing. */
  void read(DataInput in) throws IOException {
    tokens = in.readLong();
    squaredInDocuments = in.readDouble();
    for (int block = 0; block < sums.length; block++) {
      sums[block] = in.readDouble();
    }
    int bins = in.readInt();
    for (int bin = 0; bin < bins; bin++) {
      atPosition[bin] = in.readLong();
    }
  }
}
