package io.radialnet.jobs.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One finding of {@code doctor}.
 *
 * @param subject what was looked at
 * @param status how it is
 * @param finding what was found
 * @param fix what to do; empty if it is ok
 */
record Check(String subject, Status status, String finding, String fix) {

  enum Status {
    OK,
    WARN,
    FAIL;

    /** "ok", "warn", "FAIL". */
    @Override
    public String toString() {
      return this == FAIL ? name() : name().toLowerCase(Locale.ROOT);
    }
  }

  static Check ok(String subject, String finding) {
    return new Check(subject, Status.OK, finding, "");
  }

  static Check warn(String subject, String finding, String fix) {
    return new Check(subject, Status.WARN, finding, fix);
  }

  static Check fail(String subject, String finding, String fix) {
    return new Check(subject, Status.FAIL, finding, fix);
  }

  String line() {
    String line = String.format(Locale.ROOT, "%-4s  %-14s %s", status, subject, finding);
    return fix.isEmpty() ? line : line + ". " + fix + ".";
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("subject", subject);
    map.put("status", status.name().toLowerCase(Locale.ROOT));
    map.put("finding", finding);
    map.put("fix", fix);
    return map;
  }
}
