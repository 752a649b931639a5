package io.radialnet.jobs.aggregate;

import java.io.Serializable;

/** The ratios of one block and layer of a slice. Serialized. */
record CellState(Pooling.Cell cell, RatioState state) implements Serializable {}
