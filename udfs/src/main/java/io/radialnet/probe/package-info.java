/**
 * The tap that turns each residual addition into a few numbers a token: {@link
 * io.radialnet.probe.ResidualProbe}. Definitions: "Radial Networks" (arXiv 2404.04900), section 3.
 *
 * <p>May use {@code transformer}, {@code tensor}.
 */
package io.radialnet.probe;
