package io.radialnet.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.radialnet.checkpoint.TensorFiles;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Blueprint.Head;
import java.util.ArrayList;
import java.util.List;

/**
 * A transformer with its weights on one device. Immutable and thread-safe: every pass keeps its
 * arrays in the scope it is given. Dimensions: B sequences, T positions, E hidden size, W embedding
 * size (E in most models), V vocabulary.
 *
 * <p>Sequences of a batch may have different lengths: a causal model computes its real tokens from
 * real tokens alone when the padding stands on the right, so no mask is needed.
 */
public final class Transformer implements AutoCloseable {

  private static final int SURPRISAL_LOGITS = 1 << 24; // numbers at a time: 64 MiB of float32

  private final Architecture architecture;
  private final Kernels kernels;
  private final Scope weights;
  private final NDArray tokenEmbedding;
  private final List<NDArray> positionEmbedding;
  private final List<NDArray> projectIn;
  private final List<NDArray> projectOut;
  private final Rotation rotation;
  private final List<TransformerLayer> layers = new ArrayList<>();
  private final Norms norms;
  private final List<NDArray> finalNorm;
  private final List<NDArray> head;

  private Transformer(
      Blueprint blueprint,
      TensorFiles files,
      ElementType dtype,
      Head head,
      int contextLength,
      Scope scope) {
    this.architecture = blueprint.architecture();
    this.weights = scope;
    this.kernels = Kernels.on(scope.device());
    Weights parts = new Weights(blueprint, files, dtype, kernels, scope);
    this.tokenEmbedding = parts.of(Part.TOKEN_EMBEDDING, 0).get(0);
    this.positionEmbedding = parts.of(Part.POSITION_EMBEDDING, 0);
    this.projectIn = parts.of(Part.PROJECT_IN, 0);
    this.projectOut = parts.of(Part.PROJECT_OUT, 0);
    this.rotation =
        architecture.positions() instanceof Positions.Rotary rotary
            ? Rotation.of(rotary, architecture.attention().headSize(), contextLength, scope)
            : null;
    for (int layer = 0; layer < architecture.layers(); layer++) {
      layers.add(new TransformerLayer(layer, architecture, parts, kernels));
    }
    this.norms = new Norms(architecture.norm(), kernels);
    this.finalNorm = parts.of(Part.FINAL_NORM, 0);
    this.head = head(blueprint, head, parts);
  }

  private List<NDArray> head(Blueprint blueprint, Head wanted, Weights parts) {
    if (wanted == Head.UNUSED || !blueprint.has(Part.LM_HEAD)) {
      return List.of();
    }
    return architecture.tiedHead() ? List.of(tokenEmbedding) : parts.of(Part.LM_HEAD, 0);
  }

  /**
   * Loads the weights.
   *
   * @param files the checkpoint, already checked against the blueprint
   * @param dtype of the weights and activations
   * @param head whether {@link #surprisal} and {@link #logits} will be asked for
   * @param contextLength longest sequence that will be passed
   */
  public static Transformer load(
      Blueprint blueprint,
      TensorFiles files,
      ElementType dtype,
      Device device,
      Head head,
      int contextLength) {
    Scope scope = Scope.open(device);
    try {
      return new Transformer(blueprint, files, dtype, head, contextLength, scope);
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  /** What this network computes. */
  public Architecture architecture() {
    return architecture;
  }

  /** Where it runs. */
  public Device device() {
    return weights.device();
  }

  /** Opens a scope for one batch on this network's device. */
  public Scope newScope() {
    return weights.child();
  }

  /**
   * One pass over a batch.
   *
   * @param tokens int64 (B, T), padded on the right with any token id
   * @param tap sees every residual addition
   * @param scope owns the result and, while it runs, everything else
   * @return the stream after the last layer, the final norm and the projection to W, (B, T, W)
   */
  public NDArray forward(NDArray tokens, ResidualTap tap, Scope scope) {
    long length = tokens.getShape().get(1);
    try (Scope local = scope.child()) {
      NDArray x = embed(tokens, local); // (B, T, E)
      List<NDArray> rotary = rotation == null ? List.of() : rotation.first(length, local);
      for (TransformerLayer layer : layers) {
        NDArray next = layer.forward(x, rotary, tap, local); // (B, T, E)
        x.close();
        x = next;
      }
      return local.release(head(x, local));
    }
  }

  private NDArray embed(NDArray tokens, Scope scope) {
    NDArray x = kernels.run(scope, "embedding", tokenEmbedding, tokens); // (B, T, W)
    if (!projectIn.isEmpty()) {
      x = kernels.run(scope, "linear", x, projectIn.get(0), List.of()); // (B, T, E)
    }
    if (architecture.positions() instanceof Positions.Learned learned) {
      long from = learned.offset();
      NDArray rows =
          positionEmbedding
              .get(0)
              .get(scope.manager(), new NDIndex("{}:{}", from, from + tokens.getShape().get(1)));
      x = x.add(rows); // (B, T, E) + (T, E)
    }
    return x;
  }

  private NDArray head(NDArray x, Scope scope) {
    NDArray normed = finalNorm.isEmpty() ? x : norms.apply(x, finalNorm, scope); // (B, T, E)
    return projectOut.isEmpty()
        ? normed
        : kernels.run(scope, "linear", normed, projectOut.get(0), List.of()); // (B, T, W)
  }

  /**
   * How surprising each token is given those before it, in nats: -log p(token t | tokens before t).
   * Only a bounded number of logits exists at a time.
   *
   * @param hidden what {@link #forward} returned, (B, T, W)
   * @param tokens int64 (B, T)
   * @return float32 (B, T - 1), position t of it about token t + 1; T must be at least 2
   */
  public NDArray surprisal(NDArray hidden, NDArray tokens, Scope scope) {
    long rows = tokens.getShape().get(0);
    long length = tokens.getShape().get(1);
    try (Scope local = scope.child()) {
      NDArray past =
          hidden
              .get(local.manager(), new NDIndex(":, 0:{}", length - 1))
              .reshape(-1, architecture.embeddingSize()); // (B * (T - 1), W)
      NDArray targets =
          tokens.get(local.manager(), new NDIndex(":, 1:{}", length)).reshape(-1); // (B * (T - 1))
      long chunk = Math.max(1, SURPRISAL_LOGITS / architecture.vocabularySize());
      NDArray nats = kernels.run(local, "surprisal", past, requireHead(), targets, chunk);
      return local.release(nats.reshape(rows, length - 1));
    }
  }

  /** The logits of every position, (B, T, V): for small inputs. */
  public NDArray logits(NDArray hidden, Scope scope) {
    return kernels.run(scope, "linear", hidden, requireHead(), List.of());
  }

  private NDArray requireHead() {
    if (head.isEmpty()) {
      throw new IllegalStateException("this model was loaded without its LM head");
    }
    return head.get(0);
  }

  @Override
  public void close() {
    weights.close();
  }
}
