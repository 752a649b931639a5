package io.radialnet.runtime;

import io.radialnet.tensor.Torch;

/** How many threads the engine uses in this process. */
public final class Threads {

  private Threads() {}

  /**
   * Gives each task as many threads as it has cores, so that concurrent tasks do not fight for
   * cores and results do not depend on how many tasks share a process. Effective before the engine
   * starts; a user's own {@code ai.djl.pytorch.num_threads} wins.
   *
   * @param cores of one task, at least 1
   */
  public static void ofOneTask(int cores) {
    Torch.threads(cores);
  }
}
