/**
 * Routers: what is known of a token before a block runs, and how likely the block can be skipped
 * for it. {@link io.radialnet.router.RouterFeatures} is the specification of the features, the same
 * for examples and for the network that routes; {@link io.radialnet.router.StreamProjection}
 * computes those of the stream and {@link io.radialnet.router.ExampleTap} takes them from a whole
 * pass. {@link io.radialnet.router.RoutersFile} is the file that {@code fit-routers} writes, {@link
 * io.radialnet.router.Routers} the same in native memory.
 *
 * <p>May use {@code transformer}, {@code checkpoint}, {@code tensor}, {@code error}. Start reading
 * at {@link io.radialnet.router.RouterFeatures}, then {@link
 * io.radialnet.router.RouterModel#probabilities}.
 */
package io.radialnet.router;
