package io.radialnet.runtime;

import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Golden;
import io.radialnet.transformer.Transformer;
import java.util.List;

/** Prints by how many bytes this process grows over three thousand batches. */
final class NativeGrowth {

  private NativeGrowth() {}

  public static void main(String[] args) throws Exception {
    try (Golden golden = Golden.of("opt");
        Transformer model = golden.load(Head.USED)) {
      BatchProfiler profiler = new BatchProfiler(model, BatchProfilerTest.PLAN, Head.USED);
      List<int[]> windows = golden.sequences();
      run(profiler, windows, 500); // allocators and compilers settle
      long before = ProcessMemory.residentBytes().orElseThrow();
      run(profiler, windows, 3000);
      System.out.println(ProcessMemory.residentBytes().orElseThrow() - before);
    }
  }

  private static void run(BatchProfiler profiler, List<int[]> windows, int batches) {
    for (int i = 0; i < batches; i++) {
      profiler.profile(windows);
    }
  }
}
