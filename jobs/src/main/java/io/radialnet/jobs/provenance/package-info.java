/**
 * Where results come from: {@link io.radialnet.jobs.provenance.RunManifest} is the {@code run.json}
 * beside every output ({@code examples.json}, {@link
 * io.radialnet.jobs.provenance.ExamplesManifest}, beside router examples), {@link
 * io.radialnet.jobs.provenance.RunId} the identity of what decides its values.
 *
 * <p>May use {@code error}, {@code router}, Hadoop file systems and Jackson. Start reading at
 * {@link io.radialnet.jobs.provenance.RunManifest}.
 */
package io.radialnet.jobs.provenance;
