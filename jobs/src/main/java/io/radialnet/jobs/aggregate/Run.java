package io.radialnet.jobs.aggregate;

import io.radialnet.jobs.table.StatisticsTable;
import io.radialnet.jobs.table.TableRow;
import java.io.Serializable;
import java.util.List;

/**
 * What the rows of a run say of it in every table. A run is a profile or a pool. Immutable,
 * serialized.
 *
 * @param id the profile's run_id, or the pool's name
 * @param model the model's name
 * @param family the model's family
 * @param modality what tokens are
 * @param parameters numbers in the model
 * @param layers L
 * @param blocks the measured blocks
 * @param members run_ids merged in it
 */
record Run(
    String id,
    String model,
    String family,
    String modality,
    long parameters,
    int layers,
    List<String> blocks,
    List<String> members)
    implements Serializable {

  Run {
    blocks = List.copyOf(blocks);
    members = List.copyOf(members);
  }

  /** A row of a table with the columns that all have. */
  TableRow row(StatisticsTable table) {
    return table.row().set(StatisticsTable.RUN_ID, id).set(StatisticsTable.MODEL, model);
  }

  /** This run under another id, with other members. */
  Run as(String newId, List<String> newMembers) {
    return new Run(newId, model, family, modality, parameters, layers, blocks, newMembers);
  }
}
