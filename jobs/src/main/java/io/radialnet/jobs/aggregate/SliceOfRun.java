package io.radialnet.jobs.aggregate;

import java.io.Serializable;

/** A slice of a run. Serialized; its hash is the same in every JVM. */
record SliceOfRun(String runId, String slice) implements Serializable {}
