package io.radialnet.sparksql;

import io.radialnet.sparksql.SqlFunction.Docs;
import java.util.List;

/** The functions that {@link RadialExtensions} adds, with what each says of itself. */
final class SqlFunctions {

  private static final SqlFunction RATIO =
      SqlFunction.scalar(
          ScalarFunction.RATIO,
          List.of(2),
          new Docs(
              """
              _FUNC_(update, output) - Returns the residual ratio |f| / |y|: the share that the \
              update f has in the output y = x + f of a residual addition. Norms are L2.""",
              """
              * update - f, an array of floats or doubles
              * output - y, an array of the same length
              """,
              """
              > SELECT _FUNC_(array(3.0, 4.0), array(6.0, 8.0));
               0.5
              > SELECT _FUNC_(array(3.0F, 4.0F), array(0.0F, 0.0F));
               Infinity
              > SELECT _FUNC_(array(0.0, 0.0), array(0.0, 0.0));
               NaN
              > SELECT _FUNC_(array(3.0, NULL), array(6.0, 8.0));
               NULL
              """,
              """
              A double, computed in double precision. NULL for a NULL array or element. 0 / 0,
              empty arrays and NaN give NaN; infinity in update gives Infinity, in output 0, in
              both NaN. Arrays of unequal lengths are an error."""));

  private static final SqlFunction RATIO_IN =
      SqlFunction.scalar(
          ScalarFunction.RATIO_IN,
          List.of(2),
          new Docs(
              """
              _FUNC_(update, output) - Returns the ratio to the input, |f| / |y - f|: the size of \
              the update f against the stream x = y - f before a residual addition. Norms are L2.""",
              """
              * update - f, an array of floats or doubles
              * output - y, an array of the same length
              """,
              """
              > SELECT _FUNC_(array(3.0, 4.0), array(6.0, 8.0));
               1.0
              > SELECT _FUNC_(array(3.0, 4.0), array(3.0, 4.0));
               Infinity
              > SELECT _FUNC_(array(0.0, 0.0), array(0.0, 0.0));
               NaN
              > SELECT _FUNC_(array(3.0, 4.0), CAST(NULL AS array<float>));
               NULL
              """,
              """
              Of norms that a profile holds it is update_norm / input_norm. A double, computed in
              double precision. NULL for a NULL array or element. 0 / 0, empty arrays and NaN give
              NaN; infinity in update gives NaN, in output alone 0. Arrays of unequal lengths are
              an error."""));

  private static final SqlFunction BLOCKS_UNDER =
      SqlFunction.scalar(
          ScalarFunction.BLOCKS_UNDER,
          List.of(2),
          new Docs(
              """
              _FUNC_(ratios, threshold) - Returns how many of the ratios are under the threshold: \
              the blocks that a token skips at it.""",
              """
              * ratios - an array of floats or doubles, such as attn_ratio
              * threshold - a double
              """,
              """
              > SELECT _FUNC_(array(0.9, 0.05, 0.1, 0.02), 0.1);
               2
              > SELECT _FUNC_(array(0.9, NULL, double('NaN'), double('-Infinity')), 0.1);
               1
              > SELECT _FUNC_(array(), 0.1);
               0
              > SELECT _FUNC_(array(0.9, 0.05), NULL);
               NULL
              """,
              """
              Ratio and threshold are compared as doubles. NULL for a NULL array or threshold.
              NULL elements are passed over. NaN is never under, and nothing is under NaN."""));

  private static final SqlFunction DYNAMIC_DEPTH =
      SqlFunction.scalar(
          ScalarFunction.DYNAMIC_DEPTH,
          List.of(2, 3),
          new Docs(
              """
              _FUNC_(attn_ratio, mlp_ratio, threshold) - Returns the dynamic depth: how many blocks \
              a token really runs when those with a ratio under the threshold are skipped. \
              _FUNC_(ratios, threshold) counts the blocks of one array.""",
              """
              * attn_ratio, mlp_ratio - arrays of floats or doubles, one number a layer
              * threshold - a double
              """,
              """
              > SELECT _FUNC_(array(0.9, 0.05), array(0.5, 0.1), 0.1);
               3
              > SELECT _FUNC_(array(0.9, 0.05, 0.1, 0.02), 0.1);
               2
              > SELECT _FUNC_(array(0.02, NULL, double('NaN'), double('Infinity')), 0.1);
               2
              > SELECT _FUNC_(array(0.9, 0.05), CAST(NULL AS array<float>), 0.1);
               NULL
              """,
              """
              With radial_blocks_under it adds up to the elements that are not NULL: these are
              passed over, and NaN runs. Ratio and threshold are compared as doubles. NULL for a
              NULL array or threshold; 0 for empty arrays. Arrays of unequal lengths are an error."""));

  private static final SqlFunction LONG =
      SqlFunction.scalar(
          ScalarFunction.LONG,
          List.of(2, 3),
          new Docs(
              """
              _FUNC_(attn_ratio, mlp_ratio [, layer_ratio]) - Returns the arrays of a token as an \
              array of (layer int, block string, ratio float), for inline or explode.""",
              """
              * attn_ratio, mlp_ratio, layer_ratio - arrays of floats or doubles, one number a layer
              """,
              """
              > SELECT inline(_FUNC_(array(0.9F, 0.2F), array(0.5F, 0.1F)));
               0	attn	0.9
               0	mlp	0.5
               1	attn	0.2
               1	mlp	0.1
              > SELECT block, max(ratio) FROM VALUES (array(0.9F, 0.2F), array(0.5F, 0.1F)) AS t(a, m)
                LATERAL VIEW inline(_FUNC_(a, m)) AS layer, block, ratio GROUP BY block ORDER BY block;
               attn	0.9
               mlp	0.5
              > SELECT _FUNC_(NULL, NULL, array(0.9F, NULL));
               [{"layer":0,"block":"layer","ratio":0.9},{"layer":1,"block":"layer","ratio":null}]
              > SELECT _FUNC_(NULL, NULL);
               []
              """,
              """
              Layers count from 0; attn comes before mlp before layer. A NULL array is a block
              that was not profiled and adds nothing; NULL elements, NaN and infinities stay as
              they are; doubles are rounded to floats. Never NULL. Arrays of unequal lengths are
              an error."""));

  private static final SqlFunction KLL_BUILD =
      new SqlFunction(
          KllBuild.NAME,
          KllBuild.class,
          "agg_funcs",
          List.of(1, 2),
          arguments -> new KllBuild(arguments, 0, 0),
          new Docs(
              """
              _FUNC_(value [, k]) - Returns a KLL quantile sketch of the values: the compact binary \
              of a DataSketches KllFloatsSketch, which that library reads and merges in any language.""",
              """
              * value - a float or double, or an array of them, of which all elements go in
              * k - a constant int from 8 to 65535, by default 2048: how many values are held exactly;
                  more are held to a rank error of 0.14 % at 2048 (see radial_kll_error)
              """,
              """
              > SELECT radial_kll_quantile(_FUNC_(ratio), 0.5) FROM VALUES (0.1), (0.2), (0.9) AS t(ratio);
               0.2
              > SELECT radial_kll_n(_FUNC_(ratios)) FROM VALUES (array(0.1F, 0.2F, NULL)), (array(0.9F)) AS t(ratios);
               3
              > SELECT radial_kll_quantile(_FUNC_(id, 64), 1) FROM range(1000);
               999.0
              > SELECT radial_kll_n(_FUNC_(ratio)) FROM VALUES (double('NaN')), (NULL) AS t(ratio);
               0
              """,
              """
              NULL and NaN are no values and are left out; infinities are values; doubles are
              rounded to floats. Without any value it is an empty sketch, never NULL. Beyond k
              values the sketch drops some by coin tosses without a seed: two runs then differ
              within the error."""));

  private static final SqlFunction KLL_MERGE =
      new SqlFunction(
          KllMerge.NAME,
          KllMerge.class,
          "agg_funcs",
          List.of(1),
          arguments -> new KllMerge(arguments, 0, 0),
          new Docs(
              """
              _FUNC_(sketch) - Returns one KLL sketch of all values that the sketches hold.""",
              """
              * sketch - a binary of radial_kll_build, a sketch column of the tables, or a KLL sketch
                  of floats that any DataSketches library serialized
              """,
              """
              > SELECT radial_kll_quantile(_FUNC_(sketch), 0.5) FROM (SELECT radial_kll_build(ratio) AS sketch
                FROM VALUES (0, 0.1), (0, 0.2), (1, 0.8), (1, 0.9), (1, 0.95) AS t(layer, ratio) GROUP BY layer);
               0.8
              > SELECT radial_kll_n(_FUNC_(sketch)) FROM VALUES (CAST(NULL AS binary)) AS t(sketch);
               0
              """,
              """
              NULL is left out. Without any sketch it is an empty one, never NULL. Of sketches of
              different k the error is that of the smallest. Beyond k values two runs differ
              within the error. A binary that is no sketch is an error."""));

  private static final SqlFunction KLL_QUANTILE =
      SqlFunction.scalar(
          ScalarFunction.KLL_QUANTILE,
          List.of(2),
          new Docs(
              """
              _FUNC_(sketch, rank) - Returns the smallest value whose rank, the share of values up to \
              and with it, reaches the given one: a float, or an array<float> for an array of ranks.""",
              """
              * sketch - a KLL sketch
              * rank - a double from 0 (the minimum) to 1 (the maximum), or an array of them
              """,
              """
              > SELECT _FUNC_(radial_kll_build(ratio), 0.5) FROM VALUES (0.1), (0.2), (0.3), (0.9) AS t(ratio);
               0.2
              > SELECT _FUNC_(radial_kll_build(ratio), array(0, 0.75, NULL, 1)) FROM VALUES (0.1), (0.2), (0.3), (0.9) AS t(ratio);
               [0.1,0.3,null,0.9]
              > SELECT _FUNC_(radial_kll_build(ratio), 0.5) FROM VALUES (float(NULL)) AS t(ratio);
               NULL
              """,
              """
              NULL for a NULL sketch or rank and for an empty sketch; in an array, NULL in that
              place. A rank that is NaN or outside 0 to 1, and a binary that is no sketch, are
              errors."""));

  private static final SqlFunction KLL_RANK =
      SqlFunction.scalar(
          ScalarFunction.KLL_RANK,
          List.of(2),
          new Docs(
              """
              _FUNC_(sketch, value) - Returns the share of the sketch's values that are at most the \
              given one.""",
              """
              * sketch - a KLL sketch
              * value - a double, rounded to a float as the sketch's are
              """,
              """
              > SELECT _FUNC_(radial_kll_build(ratio), 0.2) FROM VALUES (0.1), (0.2), (0.3), (0.9) AS t(ratio);
               0.5
              > SELECT _FUNC_(radial_kll_build(ratio), double('Infinity')) FROM VALUES (0.1), (0.2) AS t(ratio);
               1.0
              > SELECT _FUNC_(radial_kll_build(ratio), double('NaN')) FROM VALUES (0.1), (0.2) AS t(ratio);
               NULL
              """,
              """
              NULL for a NULL sketch or value, for NaN and for an empty sketch. A binary that is
              no sketch is an error."""));

  private static final SqlFunction KLL_N =
      SqlFunction.scalar(
          ScalarFunction.KLL_N,
          List.of(1),
          new Docs(
              """
              _FUNC_(sketch) - Returns how many values went into a sketch: a bigint.""",
              """
              * sketch - a KLL sketch
              """,
              """
              > SELECT _FUNC_(radial_kll_build(id)) FROM range(100000);
               100000
              """,
              """
              NULL for a NULL sketch. A binary that is no sketch is an error."""));

  private static final SqlFunction KLL_ERROR =
      SqlFunction.scalar(
          ScalarFunction.KLL_ERROR,
          List.of(1),
          new Docs(
              """
              _FUNC_(sketch) - Returns how far a rank may be off, as a share of the values, with about \
              99 % confidence.""",
              """
              * sketch - a KLL sketch
              """,
              """
              > SELECT _FUNC_(radial_kll_build(id)) FROM range(2048);
               0.0
              > SELECT round(_FUNC_(radial_kll_build(id)), 4) FROM range(100000);
               0.0014
              """,
              """
              0 while the sketch holds every value: its quantiles are then exact. NULL for a NULL
              sketch. A binary that is no sketch is an error."""));

  /** In the order of the package's documentation. */
  static final List<SqlFunction> ALL =
      List.of(
          RATIO,
          RATIO_IN,
          BLOCKS_UNDER,
          DYNAMIC_DEPTH,
          LONG,
          KLL_BUILD,
          KLL_MERGE,
          KLL_QUANTILE,
          KLL_RANK,
          KLL_N,
          KLL_ERROR);

  private SqlFunctions() {}
}
