package io.radialnet.jobs.aggregate;

import java.io.Serializable;

/** What a statistic is computed from. Merging any split of the data gives the same. Serialized. */
interface State extends Serializable {

  /**
   * This and another of the same key and class as one. Either may be changed and returned; neither
   * is used afterwards.
   */
  State merge(State other);

  /** What is kept when all of a key are merged: this, or less. */
  default Serializable finished() {
    return this;
  }
}
