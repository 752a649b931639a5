package io.radialnet.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {

  @Test
  void batchesKeepEveryItemWithinTheBudget() {
    Random random = new Random(7);
    for (int trial = 0; trial < 200; trial++) {
      int budget = 1 + random.nextInt(500);
      List<Integer> lengths =
          random.ints(random.nextInt(100), 1, 1 + random.nextInt(600) + 1).boxed().toList();
      List<List<Integer>> batches = Batches.ofSimilarLength(lengths, Integer::intValue, budget);
      assertThat(batches.stream().flatMap(List::stream).toList())
          .containsExactlyInAnyOrderElementsOf(lengths);
      for (List<Integer> batch : batches) {
        int longest = batch.stream().mapToInt(Integer::intValue).max().orElseThrow();
        assertThat(batch.size() == 1 || longest * batch.size() <= budget).isTrue();
      }
    }
  }

  @Test
  void equalLengthsKeepTheirOrder() {
    List<String> items = List.of("b2", "a1", "c3", "d");
    assertThat(Batches.ofSimilarLength(items, String::length, 100))
        .containsExactly(List.of("b2", "a1", "c3", "d"));
    assertThat(Batches.ofSimilarLength(items, String::length, 4))
        .containsExactly(List.of("b2", "a1"), List.of("c3"), List.of("d"));
  }

  @Test
  void aFullBatchTakesLittlePadding() {
    List<Integer> lengths =
        IntStream.concat(IntStream.generate(() -> 100).limit(30), IntStream.of(10, 10, 10))
            .boxed()
            .toList();
    assertThat(Batches.ofSimilarLength(lengths, Integer::intValue, 4096))
        .containsExactly(lengths.subList(0, 31), lengths.subList(31, 33));
  }

  @Test
  void tokensStandSideBySidePaddedOnTheRight() {
    TokenBatch batch = TokenBatch.of(List.of(new int[] {5, 6, 7}, new int[] {8}), 1);
    assertThat(batch.ids()).containsExactly(5, 6, 7, 8, 1, 1);
    assertThat(batch.rows()).isEqualTo(2);
    assertThat(batch.columns()).isEqualTo(3);
    assertThat(batch.lengths()).containsExactly(3, 1);
  }
}
