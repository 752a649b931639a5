package io.radialnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HalvingTest {

  private final List<Integer> sizes = new ArrayList<>();

  @Test
  void batchesThatDoNotFitAreHalvedInOrder() {
    assertThat(Halving.run(List.of(1, 2, 3, 4, 5), this::fitsTwo))
        .containsExactly(10, 20, 30, 40, 50);
    assertThat(sizes).containsExactly(5, 2, 3, 1, 2);
  }

  private List<Integer> fitsTwo(List<Integer> batch) {
    sizes.add(batch.size());
    if (batch.size() > 2) {
      throw new EngineException("CUDA out of memory. Tried to allocate 2.00 GiB");
    }
    return batch.stream().map(i -> i * 10).toList();
  }

  @Test
  void aSingleItemThatDoesNotFitFails() {
    assertThatThrownBy(
            () ->
                Halving.run(
                    List.of(1, 2),
                    batch -> {
                      throw new EngineException("DefaultCPUAllocator: can't allocate memory");
                    }))
        .isInstanceOf(EngineException.class);
  }

  @Test
  void otherFailuresAreNotRepeated() {
    assertThatThrownBy(
            () ->
                Halving.run(
                    List.of(1, 2),
                    batch -> {
                      sizes.add(batch.size());
                      throw new EngineException("shapes disagree");
                    }))
        .hasMessage("shapes disagree");
    assertThat(sizes).containsExactly(2);
  }
}
