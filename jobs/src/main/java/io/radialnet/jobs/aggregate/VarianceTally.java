package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.TokenWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiConsumer;

/** Sums for the components of variance. Not thread-safe. */
final class VarianceTally implements Tally {

  /** The level of the token types that are too rare for one of their own. */
  private static final int RARE = 0;

  private final PassPlan plan;
  private final BitSet frequent;
  private VarianceSums sums;
  private final Tokens<TypeLevel> types;

  // Of the document at hand.
  private final List<TypeLevel> documentTypes = new ArrayList<>();
  private final double[] documentSums;
  private final long[] documentPositions = new long[PositionBins.COUNT];
  private long documentTokens;

  VarianceTally(PassPlan plan) {
    this.plan = plan;
    this.frequent = plan.frequentTokens();
    this.types = new Tokens<>(() -> new TypeLevel(plan.blockCount()));
    this.sums = new VarianceSums(plan.blockCount());
    this.documentSums = new double[plan.blockCount()];
  }

  @Override
  public PassClock.Part part() {
    return PassClock.Part.VARIANCES;
  }

  @Override
  public void add(WindowView view) {
    TokenWindow window = view.window();
    for (int i = 0; i < view.ordinaryCount(); i++) {
      int token = view.ordinary()[i];
      if (view.complete()[token]) {
        add(
            view,
            token,
            type(window.tokenIds()[token]),
            PositionBins.of(window.positions()[token]));
      }
    }
  }

  private TypeLevel type(int tokenId) {
    int level = tokenId >= 0 && frequent.get(tokenId) ? tokenId + 1 : RARE;
    return types.of(level);
  }

  private void add(WindowView view, int token, TypeLevel type, int bin) {
    if (type.inDocument == 0) {
      documentTypes.add(type);
    }
    type.inDocument++;
    type.tokens++;
    type.atPosition[bin]++;
    documentTokens++;
    documentPositions[bin]++;
    sums.tokens++;
    for (int block = 0; block < plan.blockCount(); block++) {
      double value = view.layerSums(block)[token] / plan.layers();
      type.sums[block] += value;
      sums.sums[block] += value;
      sums.sumsAtPosition[block][bin] += value;
      documentSums[block] += value;
    }
  }

  @Override
  public void endDocument() {
    if (documentTokens > 0) {
      double inDocument = documentTokens;
      sums.documents++;
      sums.squaredInDocuments += inDocument * inDocument;
      for (int block = 0; block < documentSums.length; block++) {
        sums.ofDocuments[block] += documentSums[block] * documentSums[block] / inDocument;
      }
      for (int bin = 0; bin < PositionBins.COUNT; bin++) {
        double squared = (double) documentPositions[bin] * documentPositions[bin];
        sums.atPosition[bin] += documentPositions[bin];
        sums.squaredAtPosition[bin] += squared;
        sums.positionsInDocuments += squared / inDocument;
      }
      for (TypeLevel type : documentTypes) {
        double squared = (double) type.inDocument * type.inDocument;
        type.squaredInDocuments += squared;
        sums.typesInDocuments += squared / inDocument;
        type.inDocument = 0;
      }
    }
    documentTypes.clear();
    documentTokens = 0;
    Arrays.fill(documentSums, 0);
    Arrays.fill(documentPositions, 0);
  }

  @Override
  public long bytes() {
    return 400L * types.count();
  }

  @Override
  public void flush(BiConsumer<StateKey, State> out) {
    types.flush(
        () -> new TypeLevels(plan.blockCount()),
        (bucket, some) -> out.accept(StateKey.ofTypes(plan.run(), bucket), some));
    if (sums.tokens > 0) {
      out.accept(StateKey.ofVariance(plan.run()), sums);
    }
    sums = new VarianceSums(plan.blockCount());
  }
}
