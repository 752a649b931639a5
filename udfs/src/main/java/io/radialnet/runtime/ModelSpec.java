package io.radialnet.runtime;

import io.radialnet.tensor.ElementType;
import io.radialnet.tensor.Float32Products;
import io.radialnet.transformer.Blueprint.Head;
import java.io.Serializable;
import java.util.Objects;

/**
 * Which model to run, and how: all that crosses to an executor about it. Small, immutable,
 * serialized.
 *
 * @param uri directory of the model: a Hadoop path or a local one that every node has
 * @param fingerprint that the directory must have, so that no node runs another model
 * @param dtype of weights and activations
 * @param products how linear maps are multiplied in float32; of no effect in other types
 * @param head whether next-token probabilities are computed
 * @param contextLength longest window
 */
public record ModelSpec(
    String uri,
    String fingerprint,
    ElementType dtype,
    Float32Products products,
    Head head,
    int contextLength)
    implements Serializable {

  public ModelSpec {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(fingerprint, "fingerprint");
    Objects.requireNonNull(dtype, "dtype");
    Objects.requireNonNull(products, "products");
    Objects.requireNonNull(head, "head");
    if (contextLength < 1) {
      throw new IllegalArgumentException("contextLength is " + contextLength);
    }
  }
}
