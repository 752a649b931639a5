package io.radialnet.jobs.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.DeployMessages.MasterStateResponse;
import org.apache.spark.deploy.DeployMessages.RequestMasterState$;
import org.apache.spark.deploy.master.WorkerInfo;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.rpc.RpcAddress;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/**
 * Asks the master of a standalone cluster for its workers, by the message with which its own web
 * page does. The only place that knows Spark's inner classes.
 */
final class StandaloneMaster {

  private static final String SCHEME = "spark://";
  private static final String ENDPOINT = "Master";
  private static final String ALIVE = "ALIVE";
  private static final Pattern COMMA = Pattern.compile(",");

  private StandaloneMaster() {}

  /**
   * What each worker has when nothing runs on it. The master does not tell others what is in use,
   * nor which workers it has lately lost.
   *
   * @return empty if the master is of another kind, does not answer, or belongs to a Spark whose
   *     inner classes are others
   */
  static Optional<List<Resources>> workers(SparkContext spark) {
    if (!spark.master().startsWith(SCHEME)) {
      return Optional.empty();
    }
    return COMMA
        .splitAsStream(spark.master().substring(SCHEME.length()))
        .map(address -> ask(SCHEME + address))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<List<Resources>> ask(String url) {
    try {
      MasterStateResponse state =
          SparkEnv.get()
              .rpcEnv()
              .setupEndpointRef(RpcAddress.fromSparkURL(url), ENDPOINT)
              .askSync(RequestMasterState$.MODULE$, ClassTag.apply(MasterStateResponse.class));
      boolean isStandingBy = !state.status().toString().equals(ALIVE);
      return isStandingBy ? Optional.empty() : Optional.of(workers(state));
    } catch (Exception | LinkageError e) { // Scala throws checked exceptions undeclared
      return Optional.empty();
    }
  }

  private static List<Resources> workers(MasterStateResponse state) {
    List<Resources> workers = new ArrayList<>();
    for (WorkerInfo worker : state.workers()) {
      workers.add(new Resources(worker.cores(), worker.memory(), amounts(worker.resourcesInfo())));
    }
    return workers;
  }

  private static SortedMap<String, Long> amounts(
      scala.collection.immutable.Map<String, ResourceInformation> resources) {
    SortedMap<String, Long> amounts = new TreeMap<>();
    for (Map.Entry<String, ResourceInformation> one :
        CollectionConverters.asJava(resources).entrySet()) {
      amounts.put(one.getKey(), (long) one.getValue().addresses().length);
    }
    return amounts;
  }
}
