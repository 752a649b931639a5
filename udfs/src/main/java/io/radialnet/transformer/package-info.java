/**
 * One generic transformer, described by data: an {@link io.radialnet.transformer.Architecture} says
 * what is computed, a {@link io.radialnet.transformer.Blueprint} which tensor of the checkpoint
 * plays which {@link io.radialnet.transformer.Part}. Every residual addition passes a {@link
 * io.radialnet.transformer.ResidualTap}.
 *
 * <p>May use {@code tensor}, {@code checkpoint}, {@code error}. Start reading at {@link
 * io.radialnet.transformer.Transformer#forward}, then {@link
 * io.radialnet.transformer.TransformerLayer}.
 */
package io.radialnet.transformer;
