package io.radialnet.runtime;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.radialnet.probe.ProbePlan;
import io.radialnet.probe.ResidualProbe;
import io.radialnet.tensor.Scope;
import io.radialnet.text.TokenBatch;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs batches of windows through a model with a probe on every residual addition. Only numbers per
 * token leave the device. Thread-safe: each call has memory of its own. Dimensions: C columns, B
 * windows, T positions, L layers.
 */
public final class BatchProfiler {

  private static final int PADDING = 0;

  private final Transformer model;
  private final ProbePlan plan;
  private final Head head;

  /**
   * @param head {@code USED} to measure surprisal, from a model loaded with its LM head
   */
  public BatchProfiler(Transformer model, ProbePlan plan, Head head) {
    this.model = model;
    this.plan = plan;
    this.head = head;
  }

  /**
   * Measures windows of similar length together. When the device's memory does not hold them,
   * halves of them are.
   *
   * @param windows token ids, at least one each
   * @return in the order of the windows
   */
  public List<WindowMeasures> profile(List<int[]> windows) {
    return Halving.run(windows, this::pass);
  }

  private List<WindowMeasures> pass(List<int[]> windows) {
    TokenBatch batch = TokenBatch.of(windows, PADDING);
    try (Scope scope = model.newScope()) {
      Shape shape = new Shape(batch.rows(), batch.columns());
      NDArray tokens = scope.manager().create(batch.ids(), shape); // (B, T)
      ResidualProbe probe = new ResidualProbe(plan, scope);
      NDArray hidden = model.forward(tokens, probe, scope); // (B, T, W)
      float[] columns = probe.columns().toFloatArray(); // (C, B, T, L)
      float[] surprisal = surprisal(hidden, tokens, scope); // (B, T - 1)
      return cut(batch, columns, surprisal);
    }
  }

  private float[] surprisal(NDArray hidden, NDArray tokens, Scope scope) {
    if (head == Head.UNUSED || tokens.getShape().get(1) < 2) {
      return new float[0];
    }
    return model.surprisal(hidden, tokens, scope).toFloatArray();
  }

  private List<WindowMeasures> cut(TokenBatch batch, float[] columns, float[] surprisal) {
    int layers = model.architecture().layers();
    int count = plan.columns().size();
    List<WindowMeasures> windows = new ArrayList<>();
    for (int b = 0; b < batch.rows(); b++) {
      int length = batch.lengths()[b];
      float[][] ofWindow = new float[count][];
      for (int c = 0; c < count; c++) {
        int from = (c * batch.rows() + b) * batch.columns() * layers;
        ofWindow[c] = Arrays.copyOfRange(columns, from, from + length * layers);
      }
      windows.add(new WindowMeasures(ofWindow, surprisalOf(batch, b, surprisal)));
    }
    return windows;
  }

  private float[] surprisalOf(TokenBatch batch, int b, float[] surprisal) {
    if (head == Head.UNUSED) {
      return null;
    }
    float[] ofWindow = new float[batch.lengths()[b]];
    ofWindow[0] = Float.NaN; // nothing comes before it
    int from = b * (batch.columns() - 1);
    System.arraycopy(surprisal, from, ofWindow, 1, ofWindow.length - 1);
    return ofWindow;
  }
}
