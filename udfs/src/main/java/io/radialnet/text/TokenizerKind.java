package io.radialnet.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radialnet.error.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A kind of tokenizer that can be built from vocabulary files alone. Other kinds use the same files
 * in another way, so what transformers has another name for is refused rather than tokenized
 * wrongly.
 *
 * @param files that hold the vocabulary
 * @param tokenizerClasses its names in transformers
 * @param modelTypes of the models whose tokenizer it is where no class is named
 * @param description makes a {@code tokenizer.json} of a directory's files
 */
record TokenizerKind(
    List<String> files,
    Set<String> tokenizerClasses,
    Set<String> modelTypes,
    Function<Path, ObjectNode> description) {

  private static final List<TokenizerKind> ALL =
      List.of(
          new TokenizerKind(
              List.of("vocab.json", "merges.txt"),
              Set.of("GPT2Tokenizer", "CodeGenTokenizer"),
              Set.of("gpt2", "opt", "gpt_neo", "gptj", "codegen", "phi"),
              ByteLevelBpe::describeGpt2),
          new TokenizerKind(
              List.of("vocab.json", "merges.txt"),
              Set.of("RobertaTokenizer", "BartTokenizer", "LongformerTokenizer", "LEDTokenizer"),
              Set.of("roberta", "roberta-prelayernorm", "bart", "longformer"),
              ByteLevelBpe::describeRoberta),
          new TokenizerKind(
              List.of("vocab.txt"),
              Set.of(
                  "BertTokenizer",
                  "DistilBertTokenizer",
                  "ElectraTokenizer",
                  "MobileBertTokenizer",
                  "ConvBertTokenizer",
                  "SqueezeBertTokenizer"),
              Set.of("bert", "distilbert", "electra", "mobilebert", "convbert", "squeezebert"),
              WordPiece::describe));

  /**
   * The kind of a directory's tokenizer: as tokenizer_class says, in tokenizer_config.json or
   * config.json; else as model_type implies; else by the files that are there.
   *
   * @return empty if the directory has no vocabulary files
   * @throws UserException if they are of another kind
   */
  static Optional<TokenizerKind> of(Path directory) {
    if (ALL.stream().noneMatch(kind -> kind.isIn(directory))) {
      return Optional.empty();
    }
    ObjectNode config = TokenizerFiles.objectOrEmpty(directory.resolve("tokenizer_config.json"));
    ObjectNode model = TokenizerFiles.objectOrEmpty(directory.resolve("config.json"));
    for (ObjectNode source : new ObjectNode[] {config, model}) {
      String name = source.path("tokenizer_class").asText("");
      if (!name.isEmpty() && !name.equals("null")) {
        String python = name.endsWith("Fast") ? name.substring(0, name.length() - 4) : name;
        return Optional.of(
            only(directory, "tokenizer_class", name, k -> k.tokenizerClasses.contains(python)));
      }
    }
    String modelType = model.path("model_type").asText("");
    Predicate<TokenizerKind> fits =
        modelType.isEmpty() ? kind -> kind.isIn(directory) : k -> k.modelTypes.contains(modelType);
    return Optional.of(only(directory, "model_type", modelType, fits));
  }

  private static TokenizerKind only(
      Path directory, String key, String name, Predicate<TokenizerKind> fits) {
    return ALL.stream()
        .filter(fits)
        .findFirst()
        .filter(kind -> kind.isIn(directory))
        .orElseThrow(
            () ->
                UserException.of(
                    "Cannot read the tokenizer of " + directory,
                    "it has no tokenizer.json, and one of the "
                        + key
                        + " '"
                        + name
                        + "' is not built from the vocabulary files that are there",
                    TokenizerFiles.CONVERT));
  }

  private boolean isIn(Path directory) {
    return files.stream().allMatch(name -> Files.exists(directory.resolve(name)));
  }
}
