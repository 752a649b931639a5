package io.radialnet.transformer;

import ai.djl.ndarray.NDArray;
import io.radialnet.checkpoint.TensorFiles;
import io.radialnet.checkpoint.TensorInfo;
import io.radialnet.error.UserException;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import io.radialnet.transformer.Architecture.NormKind;
import io.radialnet.transformer.Blueprint.QkvRows;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the parts of a blueprint from a checkpoint into native memory, tensor by tensor, in the
 * layout that the kernels take. Thread-safe: parts may be read at the same time.
 */
final class Weights {

  /** A mapped piece of a tensor: larger ones are read in pieces of whole rows. */
  private static final long MAX_CHUNK_BYTES = 256L << 20;

  /** Of a batch: what packed weights are laid out for. */
  private static final int TYPICAL_ROWS = 2048;

  private static final List<Part> SEPARATE_QKV = List.of(Part.Q_PROJ, Part.K_PROJ, Part.V_PROJ);

  private final Blueprint blueprint;
  private final TensorFiles files;
  private final ElementType dtype;
  private final Kernels kernels;
  private final Scope scope;

  /**
   * @param scope of the model, which will own the weights
   */
  Weights(Blueprint blueprint, TensorFiles files, ElementType dtype, Kernels kernels, Scope scope) {
    this.blueprint = blueprint;
    this.files = files;
    this.dtype = dtype;
    this.kernels = kernels;
    this.scope = scope;
  }

  /** [weight] of a table; empty where the model has no such part. */
  List<NDArray> table(Part part) {
    return blueprint.has(part) ? List.of(read(part, 0, ".weight", dtype, scope)) : List.of();
  }

  /** [weight] or [weight, bias] of a norm; empty where the model has no such part. */
  List<NDArray> norm(Part part, int layer) {
    if (!blueprint.has(part)) {
      return List.of();
    }
    if (blueprint.architecture().norm().kind() == NormKind.RMS_ONE_PLUS) {
      // As Gemma does: one is added, and the product taken, in float32.
      try (Scope local = scope.child()) {
        NDArray weight = read(part, layer, ".weight", ElementType.FLOAT32, local);
        return List.of(local.release(weight.add(1)));
      }
    }
    if (!blueprint.hasBias(part)) {
      requireRms(part); // kernels tell the norms apart by their weights
      return List.of(read(part, layer, ".weight", dtype, scope));
    }
    // A CPU's LayerNorm of 16 bits computes in float32: it gives the same from such weights, and
    // sooner.
    ElementType held = kernels.device().isGpu() ? dtype : ElementType.FLOAT32;
    return List.of(
        read(part, layer, ".weight", held, scope), read(part, layer, ".bias", held, scope));
  }

  private void requireRms(Part part) {
    if (blueprint.architecture().norm().kind() == NormKind.LAYER) {
      throw new IllegalStateException(part + " is of a LayerNorm without bias: no kernel has it");
    }
  }

  /** [weight (O, I)] or [weight, bias (O)] of a linear map; empty where the model has none. */
  List<NDArray> linear(Part part, int layer) {
    return blueprint.has(part) ? packed(stacked(List.of(part), layer)) : List.of();
  }

  /** The projections to queries, keys and values as one map, in this order of rows. */
  List<NDArray> qkv(int layer) {
    if (!blueprint.has(Part.QKV_PROJ)) {
      return packed(stacked(SEPARATE_QKV, layer));
    }
    List<NDArray> linear = stacked(List.of(Part.QKV_PROJ), layer);
    if (blueprint.qkvRows() == QkvRows.QUERIES_FIRST) {
      return packed(linear);
    }
    int heads = blueprint.architecture().attention().heads();
    List<NDArray> reordered =
        linear.stream().map(part -> kernels.run(scope, "queries_first", part, heads)).toList();
    linear.forEach(NDArray::close);
    return packed(reordered);
  }

  private List<NDArray> packed(List<NDArray> linear) {
    return kernels.pack(scope, linear, dtype, TYPICAL_ROWS);
  }

  /** Several maps of the same input as one, all with a bias or none: their rows in order. */
  private List<NDArray> stacked(List<Part> parts, int layer) {
    List<NDArray> linear = new ArrayList<>();
    linear.add(rows(parts, layer, ".weight"));
    if (blueprint.hasBias(parts.get(0))) {
      linear.add(rows(parts, layer, ".bias"));
    }
    return linear;
  }

  private NDArray rows(List<Part> parts, int layer, String ending) {
    if (parts.size() == 1) {
      return oriented(parts.get(0), layer, ending, scope);
    }
    try (Scope local = scope.child()) {
      List<NDArray> rows = new ArrayList<>();
      for (Part part : parts) {
        rows.add(oriented(part, layer, ending, local));
      }
      return local.release(kernels.run(local, "joined", rows));
    }
  }

  private NDArray oriented(Part part, int layer, String ending, Scope target) {
    if (ending.equals(".bias") || !blueprint.isTransposed(part)) {
      return read(part, layer, ending, dtype, target);
    }
    try (Scope local = target.child()) {
      NDArray stored = read(part, layer, ending, dtype, local); // (I, O)
      return local.release(kernels.run(local, "transposed", stored)); // (O, I)
    }
  }

  private NDArray read(Part part, int layer, String ending, ElementType as, Scope target) {
    String name = blueprint.spelling(blueprint.name(part, layer) + ending, files.names());
    TensorInfo info = files.info(name);
    ElementType stored = ElementTypes.of(info);
    List<ByteBuffer> chunks = files.map(name, MAX_CHUNK_BYTES);
    try {
      return decode(name, chunks, info, stored, as, target);
    } finally {
      TensorFiles.release(chunks);
    }
  }

  private NDArray decode(
      String name,
      List<ByteBuffer> chunks,
      TensorInfo info,
      ElementType stored,
      ElementType as,
      Scope target) {
    if (chunks.size() == 1) {
      return decode(name, chunks.get(0), stored, info.dimensions(), as, target);
    }
    try (Scope local = target.child()) {
      List<NDArray> rows = new ArrayList<>();
      for (ByteBuffer chunk : chunks) {
        rows.add(decode(name, chunk, stored, rowsIn(chunk, info, stored), as, local));
      }
      return local.release(kernels.run(local, "joined", rows));
    }
  }

  private NDArray decode(
      String name,
      ByteBuffer bytes,
      ElementType stored,
      long[] shape,
      ElementType as,
      Scope target) {
    NDArray weight = kernels.decode(target, bytes, stored, shape, as);
    if (!isFinite(weight)) {
      boolean isStoredSo =
          as == ElementType.FLOAT32
              || !isFinite(kernels.decode(target, bytes, stored, shape, ElementType.FLOAT32));
      throw UserException.of(
          "Cannot load tensor '" + name + "'",
          isStoredSo
              ? "it holds NaN or infinite numbers"
              : "it holds numbers beyond the range of " + as,
          isStoredSo ? "Export the checkpoint again" : "Use --dtype bfloat16 or float32");
    }
    return weight;
  }

  private boolean isFinite(NDArray weight) {
    try (Scope local = scope.child()) {
      return kernels.run(local, "finite", weight).getBoolean();
    }
  }

  private static long[] rowsIn(ByteBuffer chunk, TensorInfo info, ElementType stored) {
    long[] shape = info.dimensions();
    long rowBytes = stored.bytes();
    for (int i = 1; i < shape.length; i++) {
      rowBytes *= shape[i];
    }
    shape[0] = chunk.remaining() / rowBytes;
    return shape;
  }
}
