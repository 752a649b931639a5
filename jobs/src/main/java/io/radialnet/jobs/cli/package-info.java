/**
 * The command line: one picocli command per job. Each parses its options, opens the session, runs
 * the pipeline and prints its result. Failures become one line and an exit status here, and only
 * here.
 *
 * <p>May use {@code options}, {@code progress}, the pipelines, and {@code error} and {@code
 * runtime} of the engine. Start reading at {@link io.radialnet.jobs.cli.Radial}.
 */
package io.radialnet.jobs.cli;
