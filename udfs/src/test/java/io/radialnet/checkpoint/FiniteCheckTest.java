package io.radialnet.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.radialnet.error.UserException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FiniteCheckTest {

  /** Type, bits of a value that is not finite, how the message writes it. */
  static Stream<Arguments> notFinite() {
    return Stream.of(
        Arguments.of(StorageType.F32, 0x7f800000L, "Infinity"),
        Arguments.of(StorageType.F32, 0xff800000L, "-Infinity"),
        Arguments.of(StorageType.F32, 0x7f800001L, "NaN"),
        Arguments.of(StorageType.F32, 0xffffffffL, "NaN"),
        Arguments.of(StorageType.F16, 0x7c00L, "Infinity"),
        Arguments.of(StorageType.F16, 0xfc00L, "-Infinity"),
        Arguments.of(StorageType.F16, 0x7c01L, "NaN"),
        Arguments.of(StorageType.F16, 0xffffL, "NaN"),
        Arguments.of(StorageType.BF16, 0x7f80L, "Infinity"),
        Arguments.of(StorageType.BF16, 0xff80L, "-Infinity"),
        Arguments.of(StorageType.BF16, 0x7f81L, "NaN"),
        Arguments.of(StorageType.F64, 0x7ff0000000000000L, "Infinity"),
        Arguments.of(StorageType.F64, 0xfff8000000000000L, "NaN"));
  }

  @ParameterizedTest
  @MethodSource("notFinite")
  void findsOneValueAnywhere(StorageType type, long bits, String shown) {
    // Lengths around those that are tested at once, and around a block of them.
    for (int elements : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 4095, 4096, 4097, 8193, 20_001}) {
      for (int at : new int[] {0, 1, 2, 3, elements / 2, elements - 2, elements - 1}) {
        if (at < 0 || at >= elements) {
          continue;
        }
        ByteBuffer piece = largest(type, elements);
        put(piece, at, type, bits);
        assertThatExceptionOfType(UserException.class)
            .as("%d of %d", at, elements)
            .isThrownBy(() -> FiniteCheck.require("lm_head.weight", piece, type))
            .withMessage(
                "Cannot load tensor 'lm_head.weight': it holds the value "
                    + shown
                    + ", every weight must be a finite number. Download or export the checkpoint"
                    + " again; one that was saved like this cannot be used.");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = StorageType.class,
      names = {"F64", "F32", "F16", "BF16"})
  void letsTheLargestValuesPass(StorageType type) {
    for (int elements = 0; elements < 40; elements++) {
      ByteBuffer piece = largest(type, elements);
      assertThatCode(() -> FiniteCheck.require("x", piece, type)).doesNotThrowAnyException();
    }
    ByteBuffer piece = largest(type, 10_000);
    assertThatCode(() -> FiniteCheck.require("x", piece, type)).doesNotThrowAnyException();
  }

  @Test
  void letsEverySmallValuePass() {
    ByteBuffer halves = ByteBuffer.allocate(2 * 0x10000).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < 0x10000; bits++) {
      boolean isFinite = (bits & 0x7c00) != 0x7c00;
      halves.putShort(2 * bits, isFinite ? (short) bits : 0);
    }
    assertThatCode(() -> FiniteCheck.require("x", halves, StorageType.F16))
        .doesNotThrowAnyException();
  }

  @Test
  void looksOnlyBetweenPositionAndLimitAndMovesNeither() {
    ByteBuffer piece = largest(StorageType.F32, 6).order(ByteOrder.BIG_ENDIAN);
    put(piece, 0, StorageType.F32, 0x7fc00000L);
    put(piece, 5, StorageType.F32, 0x7fc00000L);
    piece.position(4).limit(20);
    FiniteCheck.require("x", piece, StorageType.F32);
    assertThat(piece.position()).isEqualTo(4);
    assertThat(piece.limit()).isEqualTo(20);
    piece.limit(24);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> FiniteCheck.require("x", piece, StorageType.F32));
  }

  @ParameterizedTest
  @EnumSource(
      value = StorageType.class,
      names = {"I64", "I32", "I16", "I8", "U8", "BOOL"})
  void integersAreFinite(StorageType type) {
    ByteBuffer piece = ByteBuffer.allocate(64);
    for (int i = 0; i < 64; i++) {
      piece.put(i, (byte) 0xff);
    }
    assertThatCode(() -> FiniteCheck.require("x", piece, type)).doesNotThrowAnyException();
  }

  /** The finite value of the most bits, negative: all ones but the exponent's lowest. */
  private static ByteBuffer largest(StorageType type, int elements) {
    long bits =
        switch (type) {
          case F64 -> 0xffefffffffffffffL;
          case F32 -> 0xff7fffffL;
          case F16 -> 0xfbffL;
          default -> 0xff7fL;
        };
    ByteBuffer piece =
        ByteBuffer.allocateDirect(elements * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      put(piece, i, type, bits);
    }
    return piece;
  }

  private static void put(ByteBuffer piece, int element, StorageType type, long bits) {
    for (int i = 0; i < type.bytes(); i++) {
      piece.put(element * type.bytes() + i, (byte) (bits >>> (8 * i)));
    }
  }
}
