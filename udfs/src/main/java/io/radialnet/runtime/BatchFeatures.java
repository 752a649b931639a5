package io.radialnet.runtime;

import io.radialnet.router.ExampleTap;
import io.radialnet.router.RouterFeatures;
import io.radialnet.router.RouterFeatures.Inputs;
import io.radialnet.router.StreamProjection;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Sequences;
import io.radialnet.transformer.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs batches of windows through a model and brings back what routers are told of sampled blocks.
 * Only the sampled numbers leave the device. Thread-safe: each call has memory of its own.
 * Dimensions: L layers, N tokens of all windows, E hidden size, k numbers of the projection, S
 * examples.
 */
public final class BatchFeatures {

  private final Transformer model;
  private final int projection;
  private final float[] matrix; // (E, k)
  private final Inputs inputs;

  public BatchFeatures(Transformer model, RouterFeatures features) {
    this.model = model;
    this.projection = features.projection();
    this.matrix = features.projectionMatrix(model.architecture().hiddenSize());
    this.inputs = Inputs.of(model.architecture().form());
  }

  /**
   * Runs windows of similar length together. When the device's memory does not hold them, halves of
   * them are.
   *
   * @return in the order of the windows
   */
  public List<WindowFeatures> of(List<SampledWindow> windows) {
    return Halving.run(windows, this::pass);
  }

  private List<WindowFeatures> pass(List<SampledWindow> windows) {
    try (Scope scope = model.newScope()) {
      Sequences batch = Sequences.of(windows.stream().map(SampledWindow::tokenIds).toList(), scope);
      ExampleTap tap =
          new ExampleTap(StreamProjection.on(matrix, projection, scope), inputs, scope);
      model.forward(batch, tap, scope);
      long[] rows = rows(windows);
      float[] features = tap.features(rows).toFloatArray(); // (S, k + 1)
      float[] ratios = tap.ratios(rows).toFloatArray(); // (S)
      return cut(windows, features, ratios);
    } finally {
      NativeHeap.batchEnded();
    }
  }

  /** Where the tap has the examples of all windows. */
  private long[] rows(List<SampledWindow> windows) {
    int blocks = 2 * model.architecture().layers();
    long tokens = windows.stream().mapToLong(window -> window.tokenIds().length).sum(); // N
    long[] rows = new long[windows.stream().mapToInt(window -> window.examples().length).sum()];
    int fromToken = 0;
    int next = 0;
    for (SampledWindow window : windows) {
      for (int example : window.examples()) {
        rows[next++] = example % blocks * tokens + fromToken + example / blocks;
      }
      fromToken += window.tokenIds().length;
    }
    return rows;
  }

  private List<WindowFeatures> cut(List<SampledWindow> windows, float[] features, float[] ratios) {
    int width = projection + 1;
    List<WindowFeatures> results = new ArrayList<>();
    int from = 0;
    for (SampledWindow window : windows) {
      int to = from + window.examples().length;
      results.add(
          new WindowFeatures(
              Arrays.copyOfRange(features, from * width, to * width),
              Arrays.copyOfRange(ratios, from, to)));
      from = to;
    }
    return results;
  }
}
