/**
 * The pipeline of {@code fit-routers}: from {@code router_examples} to MLlib models, {@code
 * routers.safetensors} and the Delta tables of their quality.
 *
 * <p>Examples are laid out once by router, then one thread a router runs its Spark jobs, several
 * routers at a time: features by MLlib's own stages, hyperparameters by cross-validation over folds
 * of documents, calibration with the true weights, and quality with intervals over documents, all
 * of it computed where the examples are. Weights and figures alone reach the driver.
 *
 * <p>May use {@code options}, {@code table}, {@code progress}, {@code interval}, {@code provenance}
 * and the engine's {@code router}. Start reading at {@link
 * io.radialnet.jobs.routerfit.FitRoutersJob#run}, then {@link
 * io.radialnet.jobs.routerfit.RouterFit#run}.
 */
package io.radialnet.jobs.routerfit;
