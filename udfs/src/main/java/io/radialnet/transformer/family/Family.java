package io.radialnet.transformer.family;

import io.radialnet.checkpoint.ModelConfig;
import io.radialnet.transformer.Blueprint;

/** One family of architectures. Stateless. */
interface Family {

  /** Its model_type in config.json. */
  String modelType();

  /**
   * What the model computes, and from which tensors.
   *
   * @throws io.radialnet.error.UserException if the configuration contradicts itself or asks for
   *     something that is not computed here
   */
  Blueprint blueprint(ModelConfig config);
}
