/**
 * The families of transformers: each turns a config.json into a {@link
 * io.radialnet.transformer.Blueprint}, so a family is data. Every switch that a family's
 * config.json knows is honoured or refused by name.
 *
 * <p>May use {@code transformer}, {@code checkpoint}, {@code error}. Start reading at {@link
 * io.radialnet.transformer.family.Families}.
 */
package io.radialnet.transformer.family;
