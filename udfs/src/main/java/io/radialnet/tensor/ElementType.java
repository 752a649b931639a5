package io.radialnet.tensor;

import io.radialnet.error.UserException;
import java.util.Arrays;
import java.util.Locale;

/** The floating-point types that weights are stored and computed in. */
public enum ElementType {
  FLOAT32(6, 4),
  FLOAT16(5, 2),
  BFLOAT16(15, 2);

  private final int torchCode;
  private final int bytes;

  ElementType(int torchCode, int bytes) {
    this.torchCode = torchCode;
    this.bytes = bytes;
  }

  /** The type of a name as {@code --dtype} takes it: float32, float16, bfloat16. */
  public static ElementType of(String name) {
    return Arrays.stream(values())
        .filter(type -> type.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UserException.of(
                    "Cannot use dtype '" + name + "'",
                    "known are " + Arrays.toString(values()),
                    "Choose one of these"));
  }

  /** torch's number of this dtype (c10::ScalarType). */
  public int torchCode() {
    return torchCode;
  }

  /** Size of one element. */
  public int bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
