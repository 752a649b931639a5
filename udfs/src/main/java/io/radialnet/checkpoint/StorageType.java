package io.radialnet.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/**
 * The element types of weight files, spelled as safetensors spells them. Tensors of all of them can
 * be mapped; weights are read from those of {@link #isWeightType()}.
 */
public enum StorageType {
  F64(8),
  F32(4),
  F16(2),
  BF16(2),
  F8_E5M2(1),
  F8_E4M3(1),
  C64(8),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U64(8),
  U32(4),
  U16(2),
  U8(1),
  BOOL(1);

  private final int bytes;

  StorageType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether weights are read from tensors of this type: F32, F16 and BF16. */
  public boolean isWeightType() {
    return this == F32 || this == F16 || this == BF16;
  }

  static Optional<StorageType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
