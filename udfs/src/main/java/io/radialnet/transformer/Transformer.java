package io.radialnet.transformer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import io.radialnet.checkpoint.TensorFiles;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Blueprint.Head;
import io.radialnet.transformer.Positions.Frequencies;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A transformer with its weights on one device. Immutable and thread-safe: every pass keeps its
 * arrays in the scope it is given. Dimensions: N tokens of all sequences, E hidden size, W
 * embedding size (E in most models), V vocabulary.
 *
 * <p>The sequences of a batch lie end to end; there is no padding, and no mask.
 */
public final class Transformer implements AutoCloseable {

  private static final int SURPRISAL_LOGITS = 1 << 24; // numbers at a time: 64 MiB of float32

  private final Architecture architecture;
  private final Kernels kernels;
  private final Scope weights;
  private final NDArray tokenEmbedding;
  private final List<NDArray> tokenTypeEmbedding;
  private final List<NDArray> positionEmbedding;
  private final List<NDArray> embeddingNorm;
  private final List<NDArray> projectIn;
  private final List<NDArray> projectOut;
  private final Rotation rotation;
  private final List<TransformerLayer> layers;
  private final Norms norms;
  private final List<NDArray> finalNorm;
  private final List<NDArray> head;

  private Transformer(
      Blueprint blueprint,
      TensorFiles files,
      ElementType dtype,
      Kernels kernels,
      Head head,
      int contextLength,
      Scope scope) {
    this.architecture = blueprint.architecture();
    this.weights = scope;
    this.kernels = kernels;
    Weights parts = new Weights(blueprint, files, dtype, kernels, scope);
    // Nothing else runs in this process while its tasks wait for the model.
    try (AllCores cores = new AllCores()) {
      Supplier<NDArray> table = cores.begin(() -> parts.table(Part.TOKEN_EMBEDDING).get(0));
      List<Supplier<TransformerLayer>> loading =
          IntStream.range(0, architecture.layers())
              .mapToObj(
                  l -> cores.begin(() -> new TransformerLayer(l, architecture, parts, kernels)))
              .toList();
      this.tokenEmbedding = table.get();
      this.layers = loading.stream().map(Supplier::get).toList();
    }
    this.tokenTypeEmbedding = parts.table(Part.TOKEN_TYPE_EMBEDDING);
    this.positionEmbedding = parts.table(Part.POSITION_EMBEDDING);
    this.embeddingNorm = parts.norm(Part.EMBEDDING_NORM, 0);
    this.projectIn = parts.linear(Part.PROJECT_IN, 0);
    this.projectOut = parts.linear(Part.PROJECT_OUT, 0);
    this.rotation = Rotation.of(architecture.positions(), contextLength, dtype, kernels, scope);
    this.norms = new Norms(architecture.norm(), kernels);
    this.finalNorm = parts.norm(Part.FINAL_NORM, 0);
    this.head = head(head, parts);
  }

  private List<NDArray> head(Head wanted, Weights parts) {
    if (wanted == Head.UNUSED) {
      return List.of();
    }
    return switch (architecture.head().weights()) {
      case TIED -> List.of(tokenEmbedding);
      case OWN -> parts.table(Part.LM_HEAD);
      case NONE -> List.of();
    };
  }

  /**
   * Loads the weights.
   *
   * @param files the checkpoint, already checked against the blueprint
   * @param dtype of the weights and activations
   * @param kernels of the device it will run on
   * @param head whether {@link #surprisal} and {@link #logits} will be asked for
   * @param contextLength longest sequence that will be passed
   */
  public static Transformer load(
      Blueprint blueprint,
      TensorFiles files,
      ElementType dtype,
      Kernels kernels,
      Head head,
      int contextLength) {
    Scope scope = Scope.open(kernels.device());
    try {
      return new Transformer(blueprint, files, dtype, kernels, head, contextLength, scope);
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
   * @param tap sees every residual addition
   * @param scope owns the result and, while it runs, everything else
   * @return the stream after the last layer, the final norm and the projection to W, (N, W)
   */
  public NDArray forward(Sequences batch, ResidualTap tap, Scope scope) {
    try (Scope local = scope.child()) {
      Map<Frequencies, List<NDArray>> rotary = rotation.at(batch.positions(), local);
      NDArray x = embed(batch, local); // (N, E)
      for (int l = 0; l < layers.size(); l++) {
        NDArray next =
            layers.get(l).forward(x, batch.runs(), rotary(l, rotary), tap, local); // (N, E)
        x.close();
        x = next;
      }
      return local.release(projected(x, local));
    }
  }

  private List<NDArray> rotary(int layer, Map<Frequencies, List<NDArray>> rotary) {
    return architecture.positions() instanceof Positions.Rotary rotated
        ? rotary.get(rotated.layers().get(layer))
        : List.of();
  }

  private NDArray embed(Sequences batch, Scope scope) {
    double scale = architecture.embedding().scale();
    NDArray x = kernels.run(scope, "embedding", tokenEmbedding, batch.ids(), scale); // (N, W)
    if (!projectIn.isEmpty()) {
      x = linear(x, projectIn, scope); // (N, E)
    }
    if (!tokenTypeEmbedding.isEmpty()) {
      x = x.add(tokenTypeEmbedding.get(0).get(scope.manager(), 0)); // (N, E) + (E)
    }
    if (architecture.positions() instanceof Positions.Learned learned) {
      NDArray rows = batch.positions().add(learned.offset()); // (N)
      x = x.add(kernels.run(scope, "embedding", positionEmbedding.get(0), rows, 1.0)); // (N, E)
    }
    return embeddingNorm.isEmpty() ? x : norms.apply(x, embeddingNorm, scope);
  }

  private NDArray projected(NDArray x, Scope scope) {
    NDArray normed = finalNorm.isEmpty() ? x : norms.apply(x, finalNorm, scope); // (N, E)
    return projectOut.isEmpty() ? normed : linear(normed, projectOut, scope); // (N, W)
  }

  private NDArray linear(NDArray x, List<NDArray> map, Scope scope) {
    return kernels.run(scope, "linear", x, map.get(0), map.subList(1, map.size()), "none");
  }

  /**
   * How surprising each token is given those before it, in nats: -log p(token t | tokens before t).
   * Only a bounded number of logits exists at a time.
   *
   * @param hidden what {@link #forward} returned, (N, W)
   * @param batch of at least two tokens
   * @return float32 (N - 1), number i of it about token i + 1; meaningless where a sequence begins
   */
  public NDArray surprisal(NDArray hidden, Sequences batch, Scope scope) {
    long tokens = batch.tokens();
    try (Scope local = scope.child()) {
      NDArray past = hidden.get(local.manager(), new NDIndex("0:{}", tokens - 1)); // (N - 1, W)
      NDArray next = batch.ids().get(local.manager(), new NDIndex("1:{}", tokens)); // (N - 1)
      long rows = Math.max(1, SURPRISAL_LOGITS / architecture.embedding().vocabularySize());
      return local.release(
          kernels.run(
              local, "surprisal", past, requireHead(), next, architecture.head().softCap(), rows));
    }
  }

  /** The logits of every position, (N, V): for small inputs. */
  public NDArray logits(NDArray hidden, Scope scope) {
    return kernels.run(scope, "logits", hidden, requireHead(), architecture.head().softCap());
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
