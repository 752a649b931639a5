/**
 * Tests of {@code notebooks}: the format of every note, strictly; every SQL paragraph in {@code
 * verify}, every paragraph of every kind with the cluster tests, and, where there is a Zeppelin, a
 * real server. Start at {@link io.radialnet.jobs.notebook.NotesTest}.
 */
package io.radialnet.jobs.notebook;
