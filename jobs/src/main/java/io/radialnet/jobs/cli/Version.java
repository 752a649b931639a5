package io.radialnet.jobs.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions that this build was made of and for. */
final class Version implements IVersionProvider {

  private static final String RESOURCE = "/radial.properties";

  /**
   * The version of one part.
   *
   * @param part radial, spark, delta, djl or pytorch
   */
  static String of(String part) {
    Properties versions = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String version = versions.getProperty(part);
    if (version == null) {
      throw new IllegalStateException(RESOURCE + " has no version of " + part);
    }
    return version;
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
