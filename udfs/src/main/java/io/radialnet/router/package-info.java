/**
 * Routers: what a token's stream looks like before a block runs, and how likely the block can be
 * skipped for it. {@link io.radialnet.router.RoutersFile} is the file that {@code fit-routers}
 * writes, {@link io.radialnet.router.Routers} the same in native memory.
 *
 * <p>May use {@code transformer}, {@code checkpoint}, {@code tensor} and {@code error}. Start
 * reading at {@link io.radialnet.router.RouterModel#probabilities}.
 */
package io.radialnet.router;
