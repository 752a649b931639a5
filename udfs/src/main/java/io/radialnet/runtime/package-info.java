/**
 * What runs on an executor: where a model comes from ({@link io.radialnet.runtime.ModelSpec}), the
 * models of this process ({@link io.radialnet.runtime.ModelCache}) and the pass over one batch
 * ({@link io.radialnet.runtime.BatchProfiler}, {@link io.radialnet.runtime.BatchFeatures}), in
 * threads that tasks share ({@link io.radialnet.runtime.BatchThreads}). The facade of the engine
 * for {@code jobs}.
 *
 * <p>May use every other package of the engine but {@code sparksql}; no Spark. Start reading at
 * {@link io.radialnet.runtime.BatchProfiler}.
 */
package io.radialnet.runtime;
