/**
 * Tests of {@code conf/dashboards}: every view through Spark and, independently, through DuckDB
 * over the files that Delta Kernel lists. Start at {@link
 * io.radialnet.jobs.dashboard.DashboardsTest}.
 */
package io.radialnet.jobs.dashboard;
