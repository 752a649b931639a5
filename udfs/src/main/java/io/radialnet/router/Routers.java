package io.radialnet.router;

import ai.djl.Device;
import io.radialnet.error.UserException;
import io.radialnet.tensor.Kernels;
import io.radialnet.tensor.Scope;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The routers of a {@code routers.safetensors} in native memory of one device, ready to decide.
 * Owns that memory until it is closed; thread-safe.
 */
public final class Routers implements AutoCloseable {

  private final RoutersMetadata metadata;
  private final SortedMap<RouterName, RouterModel> models;
  private final float[] logFrequencies;
  private final Scope scope;

  private Routers(RoutersFile file, SortedMap<RouterName, RouterModel> models, Scope scope) {
    this.metadata = file.metadata();
    this.logFrequencies = file.logFrequencies();
    this.models = Collections.unmodifiableSortedMap(models);
    this.scope = scope;
  }

  /**
   * Loads a file.
   *
   * @throws UserException if it cannot be read or is no file of routers
   */
  public static Routers open(Path file, Device device) {
    RoutersFile read = RoutersFile.read(file);
    Kernels kernels = Kernels.on(device);
    Scope scope = Scope.open(device);
    TreeMap<RouterName, RouterModel> models = new TreeMap<>();
    read.routers()
        .forEach(
            (name, weights) ->
                models.put(
                    name, new RouterModel(weights, read.metadata().shares(), kernels, scope)));
    return new Routers(read, models, scope);
  }

  /** As {@link #open(Path, Device)}, on the CPU. */
  public static Routers open(Path file) {
    return open(file, Device.cpu());
  }

  /**
   * Checks that they were fitted on the stream of a model.
   *
   * @param modelFingerprint of that model
   * @throws UserException if they were fitted on another's
   */
  public void requireModel(String modelFingerprint) {
    if (!metadata.modelFingerprint().equals(modelFingerprint)) {
      throw UserException.of(
          "Cannot use these routers with this model",
          "they were fitted for the model of fingerprint "
              + metadata.modelFingerprint()
              + ", this one's is "
              + modelFingerprint,
          "Name the model that the examples were made with, or fit routers for this one");
    }
  }

  /** What they were fitted for. */
  public RoutersMetadata metadata() {
    return metadata;
  }

  /** All routers, in the order in which a sequential network asks them. */
  public SortedMap<RouterName, RouterModel> models() {
    return models;
  }

  /** The router of a block; empty if the file has none. */
  public Optional<RouterModel> of(RouterName name) {
    return Optional.ofNullable(models.get(name));
  }

  /** What routers are told of each token's frequency, by token id; empty if nothing. A copy. */
  public float[] logFrequencies() {
    return logFrequencies.clone();
  }

  @Override
  public void close() {
    scope.close();
  }
}
