/**
 * Benchmarks of the engine, to be run by {@code jobs/bench/jmh}; the ordinary build only compiles
 * them. Start reading at {@link io.radialnet.bench.ForwardBenchmark}.
 */
package io.radialnet.bench;
