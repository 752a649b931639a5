package io.radialnet.jobs.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelPatternTest {

  /** Bits, length of the pattern, levels. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 2, 7",
    "1, 3, 1000",
    "1, 24, 999",
    "1, 24, 24000",
    "1, 100, 5000",
    "2, 1, 1",
    "2, 1, 4096",
    "2, 7, 100",
    "3, 5, 9999",
    "8, 2, 300"
  })
  void whatParquetEncodesIsRecognizedAndOneOtherLevelIsSeen(int bits, int length, int count)
      throws IOException {
    SplittableRandom random = new SplittableRandom(count);
    int[] levels = new int[length];
    Arrays.setAll(levels, i -> i == 0 ? 0 : (1 << bits) - 1);
    LevelPattern pattern = new LevelPattern(bits, levels);
    for (int place = 0; place < length; place++) {
      int[] page = new int[count];
      int from = place;
      Arrays.setAll(page, i -> levels[(from + i) % length]);
      assertThat(pattern.isRepeatedBy(encoded(bits, page), count, place)).isTrue();

      page[random.nextInt(count)] ^= 1;
      assertThat(pattern.isRepeatedBy(encoded(bits, page), count, place)).isFalse();
    }
  }

  @Test
  void whatComesAfterTheLastLevelDoesNotCount() throws IOException {
    LevelPattern ones = new LevelPattern(1, 1);
    assertThat(ones.isRepeatedBy(encoded(1, new int[] {1, 1, 1, 0, 1}), 3, 0)).isTrue();
  }

  @Test
  void tooFewLevelsFail() throws IOException {
    byte[] nine = encoded(1, new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1});
    assertThatThrownBy(() -> new LevelPattern(1, 1).isRepeatedBy(nine, 100, 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too few levels");
  }

  private static byte[] encoded(int bits, int[] levels) throws IOException {
    try (RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(bits, 64, 4096, new HeapByteBufferAllocator())) {
      for (int level : levels) {
        encoder.writeInt(level);
      }
      return encoder.toBytes().toInputStream().readAllBytes();
    }
  }
}
