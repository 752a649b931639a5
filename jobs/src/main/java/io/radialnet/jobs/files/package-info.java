/**
 * Hadoop's file system of this machine for local runs, named in {@code conf/local/core-site.xml}:
 * without its native library Hadoop starts a process, {@code chmod} or {@code readlink}, for every
 * file that it makes or moves, and a Delta commit makes and moves a dozen. Clusters do not use it.
 *
 * <p>May use Hadoop file systems. Start reading at {@link io.radialnet.jobs.files.RawLocalFiles}.
 */
package io.radialnet.jobs.files;
