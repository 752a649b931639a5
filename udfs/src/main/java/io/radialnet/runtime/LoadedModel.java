package io.radialnet.runtime;

import io.radialnet.text.TextTokenizer;
import io.radialnet.transformer.Transformer;

/** A model in this process: its network on one device, and its tokenizer. Thread-safe. */
public record LoadedModel(Transformer transformer, TextTokenizer tokenizer)
    implements AutoCloseable {

  @Override
  public void close() {
    transformer.close();
    tokenizer.close();
  }
}
