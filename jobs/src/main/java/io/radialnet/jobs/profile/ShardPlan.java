package io.radialnet.jobs.profile;

import io.radialnet.jobs.table.TokenRatiosTable;
import io.radialnet.probe.ProbePlan;
import io.radialnet.runtime.ModelSpec;
import io.radialnet.text.Windows.SpecialTokens;
import java.io.Serializable;
import org.apache.spark.sql.types.StructType;

/**
 * How every shard is run: all that crosses to executors besides documents. Small, immutable,
 * serialized.
 *
 * @param runId of the run that the shards belong to
 * @param model which model
 * @param layers L of that model
 * @param vocabularySize V of that model
 * @param probe what is measured
 * @param device as asked for: auto, cpu or cuda
 * @param specialTokens whether windows get the tokenizer's special tokens
 * @param batchTokens of a batch at most
 * @param schema of {@link TokenRatiosTable}
 * @param out directory of the run
 */
record ShardPlan(
    String runId,
    ModelSpec model,
    int layers,
    int vocabularySize,
    ProbePlan probe,
    String device,
    SpecialTokens specialTokens,
    int batchTokens,
    StructType schema,
    String out)
    implements Serializable {}
