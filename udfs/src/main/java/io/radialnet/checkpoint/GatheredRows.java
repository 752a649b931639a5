package io.radialnet.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The pieces of a tensor whose elements do not lie in row-major order, such as a transposed one.
 * Each piece is copied together when it is asked for, so that only one need exist at a time.
 */
final class GatheredRows extends AbstractList<ByteBuffer> implements RandomAccess {

  /** The most that is mapped in one buffer: a multiple of every element's size. */
  private static final long MAPPED_BYTES = 1L << 30;

  private final List<ByteBuffer> mapped = new ArrayList<>(); // from the tensor's first element on
  private final StridedTensor view;
  private final int elementBytes;
  private final long rows;
  private final long rowBytes;
  private final long chunkRows;

  GatheredRows(MappedFile file, TensorInfo tensor, StridedTensor view, long maxChunkBytes) {
    this.view = view;
    this.elementBytes = tensor.type().bytes();
    this.rows = tensor.rows();
    this.rowBytes = tensor.bytes() / rows;
    this.chunkRows = file.chunkRows(tensor, maxChunkBytes);
    long span = (view.last() - view.offset() + 1) * elementBytes;
    for (long done = 0; done < span; done += MAPPED_BYTES) {
      mapped.add(file.map(tensor.fileOffset() + done, Math.min(MAPPED_BYTES, span - done)));
    }
  }

  /** Ends the mappings that the pieces are copied from. */
  void release() {
    mapped.forEach(Mappings::end);
    mapped.clear();
  }

  @Override
  public int size() {
    return Math.toIntExact((rows + chunkRows - 1) / chunkRows);
  }

  @Override
  public ByteBuffer get(int index) {
    Objects.checkIndex(index, size());
    long fromRow = index * chunkRows;
    long toRow = Math.min(rows, fromRow + chunkRows);
    ByteBuffer piece =
        ByteBuffer.allocateDirect((int) ((toRow - fromRow) * rowBytes))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long row = fromRow; row < toRow; row++) {
      gather(1, row * view.strides()[0], piece);
    }
    return piece.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Copies what lies under the given dimension, beginning at an element. */
  private void gather(int dimension, long element, ByteBuffer piece) {
    if (dimension == view.sizes().length) {
      copy(element * elementBytes, piece);
      return;
    }
    for (long i = 0; i < view.sizes()[dimension]; i++) {
      gather(dimension + 1, element + i * view.strides()[dimension], piece);
    }
  }

  private void copy(long offset, ByteBuffer piece) {
    ByteBuffer source = mapped.get((int) (offset / MAPPED_BYTES));
    int at = (int) (offset % MAPPED_BYTES);
    switch (elementBytes) {
      case 1 -> piece.put(source.get(at));
      case 2 -> piece.putShort(source.getShort(at));
      case 4 -> piece.putInt(source.getInt(at));
      default -> piece.putLong(source.getLong(at));
    }
  }
}
