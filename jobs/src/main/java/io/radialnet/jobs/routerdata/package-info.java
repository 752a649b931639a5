/**
 * The pipeline of {@code router-data}: a profile and its model to the Parquet table {@code
 * router_examples}.
 *
 * <p>Every ratio, and with it every label and previous ratio, is the profile's; the model runs once
 * more over the profiled windows for what the profile does not have, the residual stream itself. So
 * which examples are drawn is known before the model runs: one pass over the profile counts the
 * strata ({@link io.radialnet.jobs.routerdata.Strata}), a plan says which examples of each are
 * drawn ({@link io.radialnet.jobs.routerdata.SamplePlan}), a second pass counts those, and then one
 * task runs one shard of the profile ({@link io.radialnet.jobs.routerdata.ExampleTask}) and commits
 * one file.
 *
 * <p>May use {@code options}, {@code corpus}, {@code shard}, {@code table}, {@code progress},
 * {@code provenance} and the engine's {@code runtime}. Start reading at {@link
 * io.radialnet.jobs.routerdata.RouterDataJob#run}.
 */
package io.radialnet.jobs.routerdata;
