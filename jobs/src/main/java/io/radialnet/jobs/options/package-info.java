/**
 * One record per job: its options with their defaults and checks, whether they come from flags or
 * from a file.
 *
 * <p>May use {@code error} and the enums of the engine. Start reading at {@link
 * io.radialnet.jobs.options.ProfileOptions}.
 */
package io.radialnet.jobs.options;
