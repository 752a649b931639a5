package io.radialnet.jobs.routerdata;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How many candidates each stratum (block, domain, label) has, and the smallest of their hashes:
 * mergeable, and as large as there are strata. Not thread-safe; serialized.
 */
final class Strata implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int blocks;
  private final Map<String, long[]> sizes = new HashMap<>();
  private final Map<String, long[]> smallest = new HashMap<>();

  /**
   * @param blocks 2 * L
   */
  Strata(int blocks) {
    this.blocks = blocks;
  }

  /** The place of a stratum among those of its domain. */
  static int index(int block, boolean label) {
    return 2 * block + (label ? 1 : 0);
  }

  /** Counts one candidate. */
  void add(String domain, int block, boolean label, long hash) {
    int index = index(block, label);
    sizes.computeIfAbsent(domain, name -> new long[2 * blocks])[index]++;
    long[] least = smallest.computeIfAbsent(domain, name -> noHashes());
    least[index] = Math.min(least[index], hash);
  }

  private long[] noHashes() {
    long[] hashes = new long[2 * blocks];
    Arrays.fill(hashes, Hashes.MAX);
    return hashes;
  }

  /** Adds what another counted; returns this. */
  Strata merge(Strata other) {
    other.sizes.forEach(
        (domain, counted) -> {
          long[] into = sizes.computeIfAbsent(domain, name -> new long[2 * blocks]);
          long[] least = smallest.computeIfAbsent(domain, name -> noHashes());
          long[] otherLeast = other.smallest.get(domain);
          for (int i = 0; i < into.length; i++) {
            into[i] += counted[i];
            least[i] = Math.min(least[i], otherLeast[i]);
          }
        });
    return this;
  }

  /** 2 * L. */
  int blocks() {
    return blocks;
  }

  /** The values of the sliced column; null among them for documents without one. */
  Set<String> domains() {
    return sizes.keySet();
  }

  /** How many candidates a stratum has. */
  long size(String domain, int block, boolean label) {
    long[] counted = sizes.get(domain);
    return counted == null ? 0 : counted[index(block, label)];
  }

  /** The smallest hash of a stratum that has candidates. */
  long smallest(String domain, int block, boolean label) {
    return smallest.get(domain)[index(block, label)];
  }

  /** All candidates. */
  long total() {
    return sizes.values().stream().flatMapToLong(Arrays::stream).sum();
  }

  /** The candidates of a label. */
  long total(boolean label) {
    long total = 0;
    for (String domain : domains()) {
      for (int block = 0; block < blocks; block++) {
        total += size(domain, block, label);
      }
    }
    return total;
  }
}
