/**
 * Residual ratios in Spark SQL. {@link io.radialnet.sparksql.KllSketches} holds the quantile
 * sketches that the tables store.
 *
 * <p>May use {@code runtime}, {@code probe}, {@code error}, Spark, and DataSketches as Spark ships
 * it. The only package of the engine that may import Spark.
 */
package io.radialnet.sparksql;
