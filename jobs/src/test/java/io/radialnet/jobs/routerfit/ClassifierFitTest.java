package io.radialnet.jobs.routerfit;

import static org.assertj.core.api.Assertions.assertThat;

import io.radialnet.jobs.SparkSessionExtension;
import io.radialnet.jobs.options.FitRoutersOptions;
import io.radialnet.jobs.options.Learner;
import java.util.List;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkSessionExtension.class)
class ClassifierFitTest {

  /** Folds 1 and 4 alone, as a small sample may have; the label is the sign of x with noise. */
  private static Dataset<Row> train(SparkSession spark) {
    Dataset<Row> rows =
        spark
            .range(600)
            .selectExpr(
                "id AS draw",
                "int(IF(id % 2 = 0, 1, 4)) AS fold",
                "1D AS weight",
                "double(id % 11) - 5 AS x",
                "double(id % 7) AS y")
            .selectExpr("*", "IF(x + (draw % 5) - 2 > 0, 1D, 0D) AS label");
    return new VectorAssembler()
        .setInputCols(new String[] {"x", "y"})
        .setOutputCol(Features.FEATURES)
        .transform(rows);
  }

  /** A penalty of 1000 leaves no slope, and ranks as well: only the order of x decides. */
  @Test
  void oneIsChosenOverTheFoldsThatThereAre(SparkSession spark) {
    FitRoutersOptions options =
        FitRoutersOptions.builder("e", "o")
            .learners(Learner.LOGISTIC)
            .regularization(List.of(1000.0, 0.001))
            .iterations(3)
            .build();
    ClassifierFit fit = new ClassifierFit(RouterLearner.of(Learner.LOGISTIC, options, 2), options);

    ClassifierFit.Chosen chosen = fit.choose(train(spark), 600);

    assertThat(chosen.choice().told()).containsKey("regularization");
    assertThat(chosen.auc()).isPresent();
    assertThat(chosen.auc().getAsDouble()).isBetween(0.9, 1.0);
  }

  @Test
  void whereThereIsNoChoiceNothingIsFitted(SparkSession spark) {
    FitRoutersOptions options = FitRoutersOptions.builder("e", "o").hidden(List.of(3)).build();
    ClassifierFit fit = new ClassifierFit(RouterLearner.of(Learner.MLP, options, 2), options);

    ClassifierFit.Chosen chosen = fit.choose(train(spark), 600);

    assertThat(chosen.choice().told()).containsEntry("hidden", 3);
    assertThat(chosen.auc()).isEmpty();
  }
}
