package io.radialnet.jobs.provenance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The versions of this build and of what it was built with. */
public final class Versions {

  private static final List<String> NAMES = List.of("radial", "spark", "delta", "djl", "pytorch");

  private Versions() {}

  /** By name: radial, spark, delta, djl, pytorch as the build took them, and java as it runs. */
  public static Map<String, String> all() {
    Properties properties = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("/radial.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> versions = new LinkedHashMap<>();
    NAMES.forEach(name -> versions.put(name, properties.getProperty(name)));
    versions.put("java", System.getProperty("java.version"));
    return versions;
  }
}
