package io.radialnet.jobs.routerdata;

import io.radialnet.jobs.table.TokenRatiosReader;
import io.radialnet.jobs.table.TokenWindow;
import io.radialnet.router.RouterFeatures;
import io.radialnet.router.RouterFeatures.Inputs;
import io.radialnet.runtime.ModelSpec;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * How every shard is run. Small, immutable, serialized.
 *
 * @param runId of the run that the shards belong to
 * @param model which model
 * @param layers L of that model
 * @param inputs of its layers
 * @param features what is computed
 * @param candidates what can be drawn
 * @param device as asked for: auto, cpu or cuda
 * @param batchTokens of a batch at most
 * @param tokenRatios the profile's table
 * @param sliceBy the kept column that is the domain: none or one
 * @param out directory of the run
 */
record ExamplePlan(
    String runId,
    ModelSpec model,
    int layers,
    Inputs inputs,
    RouterFeatures features,
    Candidates candidates,
    String device,
    int batchTokens,
    String tokenRatios,
    List<String> sliceBy,
    String out)
    implements Serializable {

  ExamplePlan {
    sliceBy = List.copyOf(sliceBy);
  }

  /** Opens a file of the profile with the columns that are needed. */
  TokenRatiosReader open(Path file, Configuration conf) {
    return TokenRatiosReader.open(conf, file, sliceBy, Candidates.MEASURES, layers);
  }

  /** The domain of a window's document; null where it has none. */
  String domain(TokenWindow window) {
    return sliceBy.isEmpty() ? null : window.kept(0);
  }
}
