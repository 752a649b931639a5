package io.radialnet.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
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
        int tokens = batch.stream().mapToInt(Integer::intValue).sum();
        assertThat(batch.size() == 1 || tokens <= budget).isTrue();
      }
    }
  }

  @Test
  void equalLengthsKeepTheirOrder() {
    List<String> items = List.of("b2", "a1", "c3", "d");
    assertThat(Batches.ofSimilarLength(items, String::length, 100))
        .containsExactly(List.of("b2", "a1", "c3", "d"));
    assertThat(Batches.ofSimilarLength(items, String::length, 4))
        .containsExactly(List.of("b2", "a1"), List.of("c3", "d"));
  }
}
