package io.radialnet.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * The owner of native memory for one step of work: every array created in a scope is freed when the
 * scope closes, unless it was handed to the parent by {@link #release}. Weights live in the scope
 * of their model, everything else in one that is opened per batch. Not thread-safe: one thread a
 * scope.
 */
public final class Scope implements AutoCloseable {

  private final NDManager manager;

  private Scope(NDManager manager) {
    this.manager = manager;
  }

  /** Opens a scope without parent on a device. */
  public static Scope open(Device device) {
    Torch.configure();
    return new Scope(NDManager.newBaseManager(device, Torch.ENGINE));
  }

  /** Opens a scope inside this one. It is closed first. */
  public Scope child() {
    return new Scope(manager.newSubManager());
  }

  /** The manager to create arrays in. */
  public NDManager manager() {
    return manager;
  }

  /** The device on which this scope's arrays live. */
  public Device device() {
    return manager.getDevice();
  }

  /** Hands an array of this scope to the parent: it then lives as long as that. */
  public NDArray release(NDArray array) {
    array.attach(manager.getParentManager());
    return array;
  }

  /** How many arrays and scopes this scope holds now. */
  public int size() {
    return manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    manager.close();
  }
}
