package io.radialnet.runtime;

import ai.djl.ndarray.NDArray;
import io.radialnet.probe.ProbePlan;
import io.radialnet.probe.ResidualProbe;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Sequences;
import io.radialnet.transformer.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs batches of windows through a model with a probe on every residual addition. Only numbers per
 * token leave the device. Thread-safe: each call has memory of its own. Dimensions: C columns, N
 * tokens of all windows, L layers.
 */
public final class BatchProfiler {

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
    try (Scope scope = model.newScope()) {
      Sequences batch = Sequences.of(windows, scope);
      ResidualProbe probe = new ResidualProbe(plan, scope);
      NDArray hidden = model.forward(batch, probe, scope); // (N, W)
      float[] columns = probe.columns().toFloatArray(); // (C, N, L)
      float[] surprisal = surprisal(hidden, batch, scope); // (N - 1)
      return cut(windows, columns, surprisal);
    } finally {
      NativeHeap.batchEnded();
    }
  }

  private float[] surprisal(NDArray hidden, Sequences batch, Scope scope) {
    if (head == Head.UNUSED || batch.tokens() < 2) {
      return new float[0];
    }
    return model.surprisal(hidden, batch, scope).toFloatArray();
  }

  private List<WindowMeasures> cut(List<int[]> windows, float[] columns, float[] surprisal) {
    int layers = model.architecture().layers();
    int count = plan.columns().size();
    int tokens = columns.length / count / layers; // N
    List<WindowMeasures> measures = new ArrayList<>();
    int fromToken = 0;
    for (int[] window : windows) {
      float[][] ofWindow = new float[count][];
      for (int c = 0; c < count; c++) {
        int from = (c * tokens + fromToken) * layers;
        ofWindow[c] = Arrays.copyOfRange(columns, from, from + window.length * layers);
      }
      measures.add(new WindowMeasures(ofWindow, surprisalOf(window.length, fromToken, surprisal)));
      fromToken += window.length;
    }
    return measures;
  }

  private float[] surprisalOf(int length, int fromToken, float[] surprisal) {
    if (head == Head.UNUSED) {
      return null;
    }
    float[] ofWindow = new float[length];
    ofWindow[0] = Float.NaN; // nothing comes before it
    System.arraycopy(surprisal, fromToken, ofWindow, 1, length - 1);
    return ofWindow;
  }
}
