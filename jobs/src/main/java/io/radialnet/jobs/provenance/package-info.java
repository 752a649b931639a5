/**
 * Where results come from: {@link io.radialnet.jobs.provenance.RunManifest} is the {@code run.json}
 * beside every output, {@link io.radialnet.jobs.provenance.RunId} the identity of what decides its
 * values.
 *
 * <p>May use {@code error}, Hadoop file systems and Jackson. Start reading at {@link
 * io.radialnet.jobs.provenance.RunManifest}.
 */
package io.radialnet.jobs.provenance;
