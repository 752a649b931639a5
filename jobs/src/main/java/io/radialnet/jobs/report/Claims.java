package io.radialnet.jobs.report;

import java.util.List;

/** The paper's claims that the tables can be held against. */
final class Claims {

  private Claims() {}

  static List<Claim> of(Statistics statistics) {
    return List.of(SizeClaim.of(statistics), TokenClaim.of(statistics), DepthClaim.of(statistics));
  }
}
