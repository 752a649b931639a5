package io.radialnet.jobs.profile;

import java.util.List;
import java.util.Map;

/** Placeholder of the pipeline's result. */
public record ProfileResult(
    List<String> summary, Map<String, Double> seconds, String toJson, boolean tooManyErrors) {}
