/**
 * What a running job shows of itself: a bar on a terminal, else a line from time to time; and where
 * its time went.
 *
 * <p>May use nothing of Radial. Start reading at {@link
 * io.radialnet.jobs.progress.ProgressListener}.
 */
package io.radialnet.jobs.progress;
