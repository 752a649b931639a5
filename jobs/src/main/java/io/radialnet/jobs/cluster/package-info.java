/**
 * Whether a cluster can give the executors that a job asks for. Spark waits for them without end
 * and without a word of what is missing; here it is said, and where no worker will ever do, the job
 * ends.
 *
 * <p>May use Spark and {@code io.radialnet.error}. Start reading at {@link
 * io.radialnet.jobs.cluster.ClusterWatch}.
 */
package io.radialnet.jobs.cluster;
