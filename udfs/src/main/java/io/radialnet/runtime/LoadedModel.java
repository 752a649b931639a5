package io.radialnet.runtime;

import io.radialnet.text.TextTokenizer;
import io.radialnet.transformer.Transformer;

/** A model in this process: its network on one device, and its tokenizer. Thread-safe. */
public record LoadedModel(Transformer transformer, TextTokenizer tokenizer)
    implements AutoCloseable {

  /** The device that it runs on, such as {@code cpu()} or {@code gpu(0)}. */
  public String deviceName() {
    return transformer.device().toString();
  }

  @Override
  public void close() {
    transformer.close();
    tokenizer.close();
  }
}
