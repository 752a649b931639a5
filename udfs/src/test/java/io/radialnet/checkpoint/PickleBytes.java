package io.radialnet.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A pickle written instruction by instruction, as a good or a bad file has it. */
final class PickleBytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A pickle of protocol 2. */
  static PickleBytes start() {
    return new PickleBytes().raw(0x80, 2);
  }

  PickleBytes raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  /** Instructions whose codes are letters: "(t" for MARK, TUPLE. */
  PickleBytes code(String letters) {
    out.writeBytes(letters.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  PickleBytes text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    code("X").int32(utf8.length);
    out.writeBytes(utf8);
    return this;
  }

  PickleBytes number(long value) {
    byte[] digits =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    raw(0x8a, Long.BYTES);
    out.writeBytes(digits);
    return this;
  }

  PickleBytes int32(int value) {
    out.writeBytes(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  PickleBytes global(String module, String name) {
    return code("c" + module + "\n" + name + "\n");
  }

  PickleBytes numbers(long... values) {
    code("(");
    for (long value : values) {
      number(value);
    }
    return code("t");
  }

  /** The reference to a storage. */
  PickleBytes storage(String type, String key, long elements) {
    return code("(")
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .number(elements)
        .code("tQ");
  }

  /** A float32 tensor that views storage "0". */
  PickleBytes tensor(long elements, long offset, long[] sizes, long[] strides) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .code("(")
        .storage("FloatStorage", "0", elements)
        .number(offset)
        .numbers(sizes)
        .numbers(strides)
        .raw(0x89)
        .orderedDict()
        .code("tR");
  }

  PickleBytes orderedDict() {
    return global("collections", "OrderedDict").code(")R");
  }

  /** A state dict of one float32 tensor 'x', and the end. */
  static PickleBytes stateDict(long elements, long offset, long[] sizes, long[] strides) {
    return start().code("}").text("x").tensor(elements, offset, sizes, strides).code("s.");
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
