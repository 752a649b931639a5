package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds NaN and infinity in stored weights, at little more than the cost of reading them.
 *
 * <p>Such a value has all bits of its exponent set. Several values are tested at once in a long:
 * with all but the exponents masked out, adding the exponent's lowest bit to each carries into its
 * sign bit exactly where the exponent was all ones.
 */
public final class FiniteCheck {

  /** Values are located only in a block known to hold one. */
  private static final int BLOCK_BYTES = 1 << 14;

  private FiniteCheck() {}

  /**
   * Requires all values of a piece of a tensor to be finite. Types without such values pass.
   *
   * @param tensor for the message
   * @param piece little-endian elements from position to limit, which are not changed
   * @param type of the elements
   * @throws UserException that names the tensor and the first value that is not finite
   */
  public static void require(String tensor, ByteBuffer piece, StorageType type) {
    Exponent exponent = exponent(type);
    if (exponent == null) {
      return;
    }
    ByteBuffer bytes = piece.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int from = bytes.position(); from < bytes.limit(); from += BLOCK_BYTES) {
      int to = Math.min(bytes.limit() - from, BLOCK_BYTES) + from;
      if (exponent.isFullIn(bytes, from, to)) {
        throw notFinite(tensor, firstIn(bytes, from, to, type));
      }
    }
  }

  /**
   * Exponents of the values in a long.
   *
   * @param mask their bits
   * @param lowest the lowest bit of each
   * @param signs the bit above each
   */
  private record Exponent(long mask, long lowest, long signs) {

    boolean isFullIn(ByteBuffer bytes, int from, int to) {
      long carries = 0;
      int at = from;
      for (; at <= to - Long.BYTES; at += Long.BYTES) {
        carries |= (bytes.getLong(at) & mask) + lowest;
      }
      long rest = 0;
      for (int shift = 0; at < to; at++, shift += Byte.SIZE) {
        rest |= (bytes.get(at) & 0xffL) << shift;
      }
      carries |= (rest & mask) + lowest;
      return (carries & signs) != 0;
    }
  }

  private static Exponent exponent(StorageType type) {
    return switch (type) {
      case F64 -> new Exponent(0x7ff0000000000000L, 0x0010000000000000L, 0x8000000000000000L);
      case F32 -> new Exponent(0x7f8000007f800000L, 0x0080000000800000L, 0x8000000080000000L);
      case F16 -> new Exponent(0x7c007c007c007c00L, 0x0400040004000400L, 0x8000800080008000L);
      case BF16 -> new Exponent(0x7f807f807f807f80L, 0x0080008000800080L, 0x8000800080008000L);
      default -> null;
    };
  }

  private static double firstIn(ByteBuffer bytes, int from, int to, StorageType type) {
    for (int at = from; at < to; at += type.bytes()) {
      double value = value(bytes, at, type);
      if (!Double.isFinite(value)) {
        return value;
      }
    }
    throw new IllegalStateException("the block has no value that is not finite");
  }

  private static double value(ByteBuffer bytes, int at, StorageType type) {
    return switch (type) {
      case F64 -> bytes.getDouble(at);
      case F32 -> bytes.getFloat(at);
      case BF16 -> Float.intBitsToFloat(bytes.getShort(at) << 16);
      case F16 -> {
        // As a float whose exponent is full where this one is; otherwise of no interest.
        int bits = bytes.getShort(at);
        boolean isFull = (bits & 0x7c00) == 0x7c00;
        int mantissa = (bits & 0x3ff) << 13;
        yield isFull ? Float.intBitsToFloat((bits & 0x8000) << 16 | 0x7f800000 | mantissa) : 0;
      }
      default -> throw new IllegalArgumentException(type + " has only finite values");
    };
  }

  private static UserException notFinite(String tensor, double value) {
    return UserException.of(
        "Cannot load tensor '" + tensor + "'",
        "it holds the value " + value + ", every weight must be a finite number",
        "Download or export the checkpoint again; one that was saved like this cannot be used");
  }
}
