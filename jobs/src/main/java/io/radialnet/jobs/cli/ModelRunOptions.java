package io.radialnet.jobs.cli;

import io.radialnet.jobs.options.DeviceChoice;
import io.radialnet.jobs.options.ProfileOptions;
import picocli.CommandLine.Option;

/** What commands that run a model over a corpus understand; their groups of options extend it. */
class ModelRunOptions {

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "auto",
      order = 1,
      description = "Of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  DeviceChoice device;

  @Option(
      names = "--batch-tokens",
      paramLabel = "N",
      defaultValue = "" + ProfileOptions.DEFAULT_BATCH_TOKENS,
      order = 4,
      description = "Tokens of a batch at most. Default: ${DEFAULT-VALUE}")
  int batchTokens;

  @Option(
      names = "--overwrite",
      order = 6,
      description = "Replace what other options wrote to --out.")
  boolean overwrite;
}
