/**
 * Intervals that several pipelines tell beside their figures ({@link
 * io.radialnet.jobs.interval.Interval}).
 *
 * <p>Uses no other package of the project.
 */
package io.radialnet.jobs.interval;
