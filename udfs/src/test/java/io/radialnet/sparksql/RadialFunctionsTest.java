package io.radialnet.sparksql;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkSessionExtension.class)
class RadialFunctionsTest {

  private static final Column ATTN = col("attn_ratio");
  private static final Column MLP = col("mlp_ratio");

  private final Dataset<Row> tokens;

  RadialFunctionsTest(SparkSession spark) {
    StructType schema =
        new StructType()
            .add("attn_ratio", DataTypes.createArrayType(DataTypes.FloatType))
            .add("mlp_ratio", DataTypes.createArrayType(DataTypes.FloatType));
    tokens =
        spark
            .createDataFrame(
                List.of(
                    RowFactory.create(new float[] {3, 4}, new float[] {6, 8}),
                    RowFactory.create(new float[] {0, 1}, new float[] {0, 2})),
                schema)
            .repartition(2, ATTN);
  }

  @Test
  void rowsAreThoseOfSql() {
    Dataset<Row> java =
        tokens.select(
            RadialFunctions.ratio(ATTN, MLP),
            RadialFunctions.ratioIn(ATTN, MLP),
            RadialFunctions.blocksUnder(ATTN, 1),
            RadialFunctions.dynamicDepth(ATTN, 1),
            RadialFunctions.dynamicDepth(ATTN, MLP, 1),
            RadialFunctions.longForm(ATTN, MLP),
            RadialFunctions.longForm(ATTN, MLP, ATTN));
    Dataset<Row> sql =
        tokens.selectExpr(
            "radial_ratio(attn_ratio, mlp_ratio)",
            "radial_ratio_in(attn_ratio, mlp_ratio)",
            "radial_blocks_under(attn_ratio, 1)",
            "radial_dynamic_depth(attn_ratio, 1)",
            "radial_dynamic_depth(attn_ratio, mlp_ratio, 1)",
            "radial_long(attn_ratio, mlp_ratio)",
            "radial_long(attn_ratio, mlp_ratio, attn_ratio)");

    assertThat(java.collectAsList()).hasSize(2).hasSameElementsAs(sql.collectAsList());
    assertThat(java.head().getDouble(0)).isEqualTo(0.5);
  }

  @Test
  void longFormIsInlined() {
    assertThat(
            tokens
                .select(inline(RadialFunctions.longForm(ATTN, MLP)))
                .groupBy("block")
                .sum("layer")
                .orderBy("block")
                .collectAsList())
        .extracting(Row::toString)
        .containsExactly("[attn,2]", "[mlp,2]");
  }

  @Test
  void sketchesAreBuiltMergedAndRead() {
    Row row =
        tokens
            .groupBy(ATTN)
            .agg(
                RadialFunctions.kllBuild(ATTN).as("default_k"),
                RadialFunctions.kllBuild(ATTN, 8).as("small_k"))
            .agg(
                RadialFunctions.kllMerge(col("default_k")).as("sketch"),
                RadialFunctions.kllMerge(col("small_k")).as("small"))
            .select(
                RadialFunctions.kllCount(col("sketch")),
                RadialFunctions.kllQuantile(col("sketch"), 0.5),
                RadialFunctions.kllQuantiles(col("sketch"), 0, 1),
                RadialFunctions.kllRank(col("sketch"), 3),
                RadialFunctions.kllError(col("sketch")),
                RadialFunctions.kllCount(col("small")),
                RadialFunctions.ratio(lit(new float[] {3, 4}), lit(new float[] {6, 8})))
            .head();

    assertThat(row).hasToString("[4,1.0,ArraySeq(0.0, 4.0),0.75,0.0,4,0.5]");
  }
}
