package io.radialnet.jobs.cli;

import io.radialnet.jobs.provenance.Versions;
import picocli.CommandLine.IVersionProvider;

/** The versions that this build was made of and for. */
final class Version implements IVersionProvider {

  /**
   * The version of one part.
   *
   * @param part radial, spark, delta, djl or pytorch
   */
  static String of(String part) {
    return Versions.all().get(part);
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "Radial " + of("radial"),
      "for Spark "
          + of("spark")
          + "; with Delta "
          + of("delta")
          + ", DJL "
          + of("djl")
          + ", PyTorch "
          + of("pytorch")
    };
  }
}
