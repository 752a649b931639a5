package io.radialnet.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.radialnet.checkpoint.TensorFiles;
import io.radialnet.checkpoint.TensorInfo;
import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads the parts of a blueprint from a checkpoint into native memory, tensor by tensor. */
final class Weights {

  /** A mapped piece of a tensor: larger ones are read in pieces of whole rows. */
  private static final long MAX_CHUNK_BYTES = 256L << 20;

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

  /** [weight] or [weight, bias] of a part; empty where the model has no such part. */
  List<NDArray> of(Part part, int layer) {
    if (!blueprint.has(part)) {
      return List.of();
    }
    String name = blueprint.name(part, layer);
    NDArray weight = read(name + ".weight");
    return blueprint.hasBias(part) ? List.of(weight, read(name + ".bias")) : List.of(weight);
  }

  private NDArray read(String canonicalName) {
    String name = Blueprint.spelling(canonicalName, files.names());
    TensorInfo info = files.info(name);
    ElementType stored = ElementTypes.of(info);
    List<ByteBuffer> chunks = files.map(name, MAX_CHUNK_BYTES);
    if (chunks.size() == 1) {
      return kernels.decode(scope, chunks.get(0), stored, info.dimensions(), dtype);
    }
    try (Scope local = scope.child()) {
      List<NDArray> rows = new ArrayList<>();
      for (ByteBuffer chunk : chunks) {
        rows.add(kernels.decode(local, chunk, stored, rowsIn(chunk, info, stored), dtype));
      }
      return local.release(NDArrays.concat(new NDList(rows), 0));
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
