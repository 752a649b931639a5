package io.radialnet.transformer;

import io.radialnet.checkpoint.TensorInfo;
import io.radialnet.error.UserException;
import io.radialnet.tensor.ElementType;

/** From a checkpoint's storage types to those that weights are read from. */
final class ElementTypes {

  private ElementTypes() {}

  static ElementType of(TensorInfo info) {
    return switch (info.type()) {
      case F32 -> ElementType.FLOAT32;
      case F16 -> ElementType.FLOAT16;
      case BF16 -> ElementType.BFLOAT16;
      default ->
          throw UserException.of(
              "Cannot load tensor '" + info.name() + "'",
              "it is stored as " + info.type() + ", weights are read from F32, F16 and BF16",
              "Convert the checkpoint to one of these");
    };
  }
}
