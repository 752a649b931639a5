/** Tests of what the build puts together: the shaded jar and the Spark installation beside it. */
package io.radialnet.jobs.build;
