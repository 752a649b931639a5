/**
 * What a router knows of a token before a block runs. {@link io.radialnet.router.RouterFeatures} is
 * the specification of the features, the same for examples and for the network that routes; {@link
 * io.radialnet.router.StreamProjection} computes those of the stream, {@link
 * io.radialnet.router.ExampleTap} takes them from a whole pass.
 *
 * <p>May use {@code transformer}, {@code tensor}. Start reading at {@link
 * io.radialnet.router.RouterFeatures}.
 */
package io.radialnet.router;
