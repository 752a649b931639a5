package io.radialnet.checkpoint;

import io.radialnet.checkpoint.TensorUnpickler.Dictionary;
import io.radialnet.checkpoint.TensorUnpickler.Sign;
import io.radialnet.error.UserException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a file of torch.save holds: the tensors of a state dict, and where their storages lie.
 *
 * <p>Two formats. The current one is a zip file of one folder with {@code data.pkl}, a pickle of
 * the state dict, and each storage as an entry {@code data/KEY}. The one before torch 1.6 is a
 * series of pickles, the state dict among them, and then the storages one after the other.
 *
 * <p>A state dict is a dictionary from names to tensors. A dictionary of dictionaries, as training
 * programs save it, is refused by name: which of them holds the weights is not for a reader to
 * guess.
 *
 * @param tensors by name, sorted; not yet checked against their storages
 * @param storageOffsets of each storage's first byte in the file, by key
 */
record TorchContents(Map<String, StridedTensor> tensors, Map<String, Long> storageOffsets) {

  private static final String PICKLE = "/data.pkl";
  private static final int MAX_RECORD_BYTES = 64; // of version and byteorder
  private static final int MAX_VERSION = 10; // torch's kMaxSupportedFileFormatVersion
  private static final BigInteger OLD_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final Long OLD_PROTOCOL = 1001L;
  private static final String POINTER = "version https://git-lfs";

  static TorchContents read(MappedFile file) {
    byte[] head = file.read(0, (int) Math.min(POINTER.length(), file.bytes())).array();
    String start = new String(head, StandardCharsets.ISO_8859_1);
    if (start.startsWith("PK\3\4")) {
      return new ZipReader(file, StoredZip.entries(file)).read();
    }
    if (start.startsWith("\u0080")) {
      return new OldReader(file).read();
    }
    throw start.equals(POINTER)
        ? UserException.of(
            "Cannot read " + file.path(),
            "it is a pointer of git-lfs, not the weights",
            "Fetch the weights: run 'git lfs pull' in the directory")
        : Messages.corrupt(file.path(), "it is not a file of torch.save");
  }

  private static Map<String, StridedTensor> stateDict(Path file, Object root) {
    if (!(root instanceof Dictionary dictionary)) {
      throw notWeights(file, "it holds " + TensorUnpickler.described(root));
    }
    Map<String, StridedTensor> tensors = new TreeMap<>();
    for (Map.Entry<String, Object> entry : dictionary.entries().entrySet()) {
      if (!(entry.getValue() instanceof StridedTensor tensor)) {
        throw notWeights(
            file,
            String.format(
                "under %s it holds %s",
                Messages.quoted(entry.getKey()), TensorUnpickler.described(entry.getValue())));
      }
      tensors.put(entry.getKey(), tensor);
    }
    return tensors;
  }

  private static UserException notWeights(Path file, String what) {
    return UserException.of(
        "Cannot read " + file,
        what + ", a file of weights is a dictionary of tensors",
        "Save the state dict alone: torch.save(model.state_dict(), FILE)");
  }

  /** The format since torch 1.6. */
  private record ZipReader(MappedFile file, Map<String, StoredZip.Range> entries) {

    TorchContents read() {
      String folder = folder();
      checkByteOrder(folder);
      checkVersion(folder);
      StoredZip.Range pickle = entries.get(folder + PICKLE);
      if (pickle.bytes() > TensorUnpickler.MAX_PICKLE_BYTES) {
        throw corrupt("its data.pkl has " + pickle.bytes() + " bytes");
      }
      ByteBuffer bytes = file.read(pickle.offset(), (int) pickle.bytes());
      TensorUnpickler unpickler = new TensorUnpickler(file.path(), bytes);
      Map<String, StridedTensor> tensors = stateDict(file.path(), unpickler.load());
      Map<String, Long> offsets = new HashMap<>();
      unpickler.storages().values().forEach(s -> offsets.put(s.key(), offset(folder, s)));
      return new TorchContents(tensors, offsets);
    }

    private String folder() {
      List<String> folders =
          entries.keySet().stream()
              .filter(name -> name.endsWith(PICKLE))
              .map(name -> name.substring(0, name.length() - PICKLE.length()))
              .filter(folder -> !folder.contains("/"))
              .toList();
      if (folders.size() != 1) {
        throw corrupt("it is a zip file with " + folders.size() + " data.pkl, not of torch.save");
      }
      return folders.get(0);
    }

    private void checkByteOrder(String folder) {
      String order = text(folder + "/byteorder", "little"); // torch before 2.1 wrote none
      if (!order.equals("little")) {
        throw wrongByteOrder(file.path(), order);
      }
    }

    private void checkVersion(String folder) {
      String version = text(folder + "/.data/version", text(folder + "/version", ""));
      if (!version.matches("[1-9]|10")) {
        throw UserException.of(
            "Cannot read " + file.path(),
            "its format has version " + Messages.quoted(version),
            "Save it with a torch that writes one of the versions 1 to " + MAX_VERSION);
      }
    }

    private String text(String name, String otherwise) {
      StoredZip.Range range = entries.get(name);
      if (range == null) {
        return otherwise;
      }
      int bytes = (int) Math.min(range.bytes(), MAX_RECORD_BYTES);
      byte[] text = file.read(range.offset(), bytes).array();
      return new String(text, StandardCharsets.ISO_8859_1).strip();
    }

    private long offset(String folder, TorchStorage storage) {
      String name = folder + "/data/" + storage.key();
      StoredZip.Range range = entries.get(name);
      if (range == null) {
        throw corrupt("it lacks the entry " + Messages.quoted(name));
      }
      if (range.bytes() != storage.bytes()) {
        throw corrupt(
            String.format(
                "its entry %s has %d bytes, %d elements of %s have %d",
                Messages.quoted(name),
                range.bytes(),
                storage.elements(),
                storage.type(),
                storage.bytes()));
      }
      return range.offset();
    }

    private UserException corrupt(String cause) {
      return Messages.corrupt(file.path(), cause);
    }
  }

  /** The format before torch 1.6. */
  private record OldReader(MappedFile file) {

    TorchContents read() {
      long window = Math.min(file.bytes(), TensorUnpickler.MAX_PICKLE_BYTES);
      ByteBuffer pickles = file.map(0, window);
      if (!OLD_MAGIC.equals(load(pickles)) || !OLD_PROTOCOL.equals(load(pickles))) {
        throw corrupt("it is a pickle, but not of torch.save");
      }
      checkByteOrder(load(pickles));
      TensorUnpickler unpickler = new TensorUnpickler(file.path(), pickles);
      Map<String, StridedTensor> tensors = stateDict(file.path(), unpickler.load());
      List<TorchStorage> storages = inFileOrder(load(pickles), unpickler.storages());
      return new TorchContents(tensors, offsets(storages, pickles.position()));
    }

    private Object load(ByteBuffer pickles) {
      return new TensorUnpickler(file.path(), pickles).load();
    }

    private void checkByteOrder(Object system) {
      Object little =
          system instanceof Dictionary dictionary
              ? dictionary.entries().getOrDefault("little_endian", Sign.NONE)
              : Sign.NONE;
      if (!Boolean.TRUE.equals(little)) {
        throw wrongByteOrder(file.path(), Boolean.FALSE.equals(little) ? "big" : "unknown");
      }
    }

    private List<TorchStorage> inFileOrder(Object keys, Map<String, TorchStorage> byKey) {
      Map<String, TorchStorage> left = new HashMap<>(byKey);
      List<TorchStorage> storages = new ArrayList<>();
      if (keys instanceof ArrayList<?> list) {
        list.forEach(key -> storages.add(key instanceof String ? left.remove(key) : null));
      }
      if (storages.contains(null) || !left.isEmpty()) {
        throw corrupt("its list of storages is not that of its tensors");
      }
      return storages;
    }

    /** Each storage is its number of elements, in eight bytes, and then these. */
    private Map<String, Long> offsets(List<TorchStorage> storages, long start) {
      Map<String, Long> offsets = new HashMap<>();
      long next = start;
      for (TorchStorage storage : storages) {
        if (storage.bytes() > file.bytes() - next - Long.BYTES) {
          throw corrupt("it ends within storage " + Messages.quoted(storage.key()));
        }
        if (file.read(next, Long.BYTES).getLong(0) != storage.elements()) {
          throw corrupt(
              "storage " + Messages.quoted(storage.key()) + " has another size in its place");
        }
        offsets.put(storage.key(), next + Long.BYTES);
        next += Long.BYTES + storage.bytes();
      }
      if (next != file.bytes()) {
        throw corrupt((file.bytes() - next) + " bytes at its end belong to no tensor");
      }
      return offsets;
    }

    private UserException corrupt(String cause) {
      return Messages.corrupt(file.path(), cause);
    }
  }

  private static UserException wrongByteOrder(Path file, String order) {
    return UserException.of(
        "Cannot read " + file,
        "its byte order is " + Messages.quoted(order) + ", only little-endian files are read",
        "Load it in Python and save it on a little-endian machine");
  }
}
