/**
 * Residual ratios in Spark SQL: functions for spark-sql, notebooks, PySpark and Java. With the
 * project's jar on the class path ({@code --jars}), a session has them by {@code
 * spark.sql.extensions=io.radialnet.sparksql.RadialExtensions} ({@link
 * io.radialnet.sparksql.RadialExtensions}); {@link io.radialnet.sparksql.RadialFunctions} is the
 * same for DataFrames in Java. {@code DESCRIBE FUNCTION EXTENDED radial_ratio} explains one.
 *
 * <table>
 * <caption>The functions</caption>
 * <tr><th>function<th>gives
 * <tr><td>radial_ratio(update, output)<td>|f| / |y| of two vectors, double
 * <tr><td>radial_ratio_in(update, output)<td>|f| / |y - f|, the ratio to the input, double
 * <tr><td>radial_blocks_under(ratios, threshold)<td>how many ratios are under a threshold, int
 * <tr><td>radial_dynamic_depth(attn_ratio, mlp_ratio, threshold)<br>
 *     radial_dynamic_depth(ratios, threshold)<td>how many blocks run at a threshold, int
 * <tr><td>radial_long(attn_ratio, mlp_ratio [, layer_ratio])<td>array of (layer int, block string,
 *     ratio float), for inline
 * <tr><td>radial_kll_build(value [, k])<td>aggregate: a quantile sketch of numbers or of all
 *     elements of arrays, binary
 * <tr><td>radial_kll_merge(sketch)<td>aggregate: one sketch of all values
 * <tr><td>radial_kll_quantile(sketch, rank | ranks)<td>the value at a rank, float or
 *     array&lt;float&gt;
 * <tr><td>radial_kll_rank(sketch, value)<td>the share of values up to one, double
 * <tr><td>radial_kll_n(sketch)<td>how many values, bigint
 * <tr><td>radial_kll_error(sketch)<td>how far a rank may be off, double
 * </table>
 *
 * <p>A null argument gives null; null elements are passed over in counts and sketches. NaN is under
 * no threshold and no value of a sketch. Arrays of unequal lengths, and binaries that are no
 * sketches, are errors. Numbers of other types become doubles, and anything else is refused by the
 * analyzer.
 *
 * <p>Sketches are those of {@link io.radialnet.sparksql.KllSketches}: exact and reproducible up to
 * k values, beyond that right within their error and never twice the same, since DataSketches
 * tosses one unseeded coin for the whole JVM and Spark merges in the order in which tasks finish.
 *
 * <p>Start with {@code SqlFunctions}, which lists and documents the functions; {@code
 * ScalarFunction} names the static method behind each function of a row, {@code KllAggregate} is
 * the base of the aggregates. May use {@code runtime}, {@code probe}, {@code transformer}'s names,
 * {@code error}, Spark, and DataSketches as Spark ships it. The only package of the engine that may
 * import Spark.
 */
package io.radialnet.sparksql;
