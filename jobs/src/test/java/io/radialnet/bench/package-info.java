/**
 * Benchmarks of the pipelines and tables, to be run by {@code jobs/bench/jmh}; the ordinary build
 * only compiles them. Start reading at {@link io.radialnet.bench.WriterBenchmark}.
 */
package io.radialnet.bench;
