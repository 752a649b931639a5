/**
 * From text to token batches: {@link io.radialnet.text.TextTokenizer} encodes a document, {@link
 * io.radialnet.text.Windows} cuts it to the model's context, {@link io.radialnet.text.Batches} puts
 * windows of similar length together. {@link io.radialnet.text.TokenizerFiles} decides what a
 * directory's tokenizer is.
 *
 * <p>May use {@code error}, DJL's tokenizers and Jackson.
 */
package io.radialnet.text;
