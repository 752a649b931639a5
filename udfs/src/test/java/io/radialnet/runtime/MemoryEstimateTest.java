package io.radialnet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.tensor.ElementType;
import io.radialnet.transformer.Blueprint;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.family.Families;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryEstimateTest {

  private static final int BATCH_TOKENS = 2048;
  private static final Path OPT_NANO = Path.of("..", "data-samples", "opt-nano");

  @Test
  void weightsAreThoseThatRunInTheirDtype() {
    MemoryEstimate wide = estimate(ElementType.FLOAT32, BATCH_TOKENS, 1);
    MemoryEstimate narrow = estimate(ElementType.BFLOAT16, BATCH_TOKENS, 1);

    long numbers =
        blueprint().tensors(Head.UNUSED).values().stream().mapToLong(this::product).sum();
    assertThat(wide.weightBytes()).isEqualTo(4 * numbers);
    assertThat(narrow.weightBytes()).isEqualTo(2 * numbers);
    assertThat(narrow.activationBytes()).isLessThan(wide.activationBytes());
  }

  @Test
  void activationsGrowWithTokensAndTasks() {
    MemoryEstimate one = estimate(ElementType.FLOAT32, 1 << 16, 1);
    MemoryEstimate two = estimate(ElementType.FLOAT32, 1 << 16, 2);
    MemoryEstimate longer = estimate(ElementType.FLOAT32, 1 << 17, 1);

    assertThat(two.overheadBytes() - one.overheadBytes()).isEqualTo(one.activationBytes());
    assertThat(longer.activationBytes())
        .isBetween(3 * one.activationBytes() / 2, 2 * one.activationBytes());
  }

  @Test
  void whatReadingTookCountsBesideTheBatches() {
    MemoryEstimate estimate = estimate(ElementType.FLOAT32, BATCH_TOKENS, 2);
    long largest =
        blueprint().tensors(Head.UNUSED).values().stream().mapToLong(this::product).max().orElse(0);

    assertThat(estimate.loadingBytes()).isEqualTo(3 * 4 * largest);
    assertThat(estimate.overheadBytes())
        .isEqualTo(
            MemoryEstimate.PROCESS_BYTES
                + estimate.weightBytes()
                + estimate.loadingBytes()
                + 2 * estimate.activationBytes());
  }

  private MemoryEstimate estimate(ElementType dtype, int batchTokens, int tasks) {
    return MemoryEstimate.of(blueprint(), Head.UNUSED, dtype, batchTokens, tasks);
  }

  private static Blueprint blueprint() {
    return Families.blueprint(ModelConfig.read(OPT_NANO));
  }

  private long product(long[] shape) {
    long product = 1;
    for (long size : shape) {
      product *= size;
    }
    return product;
  }
}
