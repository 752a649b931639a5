package io.radialnet.checkpoint;

import io.radialnet.error.UserException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the pickles of torch.save, and can build tensors and nothing else. A pickle is a program
 * for a small stack machine; Python's own would import and call whatever the file names. This one
 * knows the instructions that torch.save writes (pickle protocols 2 to 5) and the few names of
 * {@link Global}; anything else is refused by name. Nothing of a file is looked up, called or
 * reflected.
 *
 * <p>Values are text ({@link String}), numbers ({@link Long}, {@link BigInteger}, {@link Double}),
 * {@link Boolean}, {@link Sign#NONE}, {@link Tuple}, {@link ArrayList}, {@link Dictionary}, {@link
 * Global}, {@link TorchStorage} and {@link StridedTensor}. They may be shared and contain
 * themselves, so whoever gets one looks no deeper than it expects to.
 *
 * <p>Memory is bounded whatever the file says: by the bytes of the pickle, the number of
 * instructions and the depth of the stack.
 */
final class TensorUnpickler {

  /** The longest pickle. One of 100 layers has some 250 kB. */
  static final int MAX_PICKLE_BYTES = 16 << 20;

  /** Some 45 for a tensor. */
  private static final int MAX_INSTRUCTIONS = 2_000_000;

  /** Python's pickler puts at most 1,000 entries of a dictionary on the stack at once. */
  private static final int MAX_STACK = 1 << 16;

  private static final int MAX_NAME_BYTES = 256;
  private static final int MAX_DIMENSIONS = 64; // as in torch

  /** Python's None, and the mark from which a tuple or list is gathered. */
  enum Sign {
    NONE,
    MARK
  }

  /** A Python tuple. */
  record Tuple(List<Object> items) {

    int size() {
      return items.size();
    }
  }

  /** A Python dict or OrderedDict with text as keys. */
  static final class Dictionary {

    private final Map<String, Object> entries = new LinkedHashMap<>();

    Map<String, Object> entries() {
      return entries;
    }
  }

  /** Every name that a file may mention. */
  enum Global {
    ORDERED_DICT("collections", "OrderedDict", null),
    REBUILD_TENSOR("torch._utils", "_rebuild_tensor_v2", null),
    REBUILD_PARAMETER("torch._utils", "_rebuild_parameter", null),
    DOUBLE_STORAGE("torch", "DoubleStorage", StorageType.F64),
    FLOAT_STORAGE("torch", "FloatStorage", StorageType.F32),
    HALF_STORAGE("torch", "HalfStorage", StorageType.F16),
    BFLOAT16_STORAGE("torch", "BFloat16Storage", StorageType.BF16),
    LONG_STORAGE("torch", "LongStorage", StorageType.I64),
    INT_STORAGE("torch", "IntStorage", StorageType.I32),
    SHORT_STORAGE("torch", "ShortStorage", StorageType.I16),
    CHAR_STORAGE("torch", "CharStorage", StorageType.I8),
    BYTE_STORAGE("torch", "ByteStorage", StorageType.U8),
    BOOL_STORAGE("torch", "BoolStorage", StorageType.BOOL);

    private final String module;
    private final String attribute;
    private final StorageType storageType; // null where it is no storage

    Global(String module, String attribute, StorageType storageType) {
      this.module = module;
      this.attribute = attribute;
      this.storageType = storageType;
    }

    @Override
    public String toString() {
      return module + "." + attribute;
    }
  }

  private final Path file;
  private final ByteBuffer in;
  private final List<Object> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>(); // places in the stack
  private final List<Object> memo = new ArrayList<>();
  private final Map<String, TorchStorage> storages = new LinkedHashMap<>();

  /**
   * @param file for messages
   * @param in where the pickle begins; afterwards, behind it
   */
  TensorUnpickler(Path file, ByteBuffer in) {
    this.file = file;
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Runs the pickle to its end.
   *
   * @return the value it builds
   * @throws UserException if the pickle is broken, or asks for anything but tensors
   */
  Object load() {
    try {
      for (int count = 0; count < MAX_INSTRUCTIONS; count++) {
        int opcode = in.get() & 0xff;
        if (opcode == '.') {
          return pop();
        }
        execute(opcode);
      }
    } catch (BufferUnderflowException e) {
      throw corrupt("its pickle has no end");
    }
    throw corrupt("its pickle has more than " + MAX_INSTRUCTIONS + " instructions");
  }

  /** The storages that the pickle mentioned, by key. */
  Map<String, TorchStorage> storages() {
    return storages;
  }

  private void execute(int opcode) {
    switch (opcode) {
      case 0x80 -> protocol(in.get() & 0xff);
      case 0x95 -> frame(in.getLong());
      case '(' -> mark();
      case 'N' -> push(Sign.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) (in.get() & 0xff));
      case 'M' -> push((long) (in.getShort() & 0xffff));
      case 'J' -> push((long) in.getInt());
      case 0x8a -> push(integer(in.get() & 0xff));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'X' -> push(text(in.getInt() & 0xffffffffL));
      case 0x8c -> push(text(in.get() & 0xff));
      case 0x8d -> push(text(in.getLong()));
      case ')' -> push(new Tuple(List.of()));
      case 0x85 -> push(tuple(1));
      case 0x86 -> push(tuple(2));
      case 0x87 -> push(tuple(3));
      case 't' -> push(new Tuple(popToMark()));
      case ']' -> push(new ArrayList<>());
      case 'a' -> append(List.of(pop()));
      case 'e' -> append(popToMark());
      case '}' -> push(new Dictionary());
      case 's' -> setItems(tuple(2).items());
      case 'u' -> setItems(popToMark());
      case 'q' -> memoize(in.get() & 0xff);
      case 'r' -> memoize(in.getInt());
      case 0x94 -> memoize(memo.size());
      case 'h' -> push(remembered(in.get() & 0xff));
      case 'j' -> push(remembered(in.getInt()));
      case 'c' -> push(global(line(), line()));
      case 0x93 -> push(stackGlobal());
      case 'Q' -> push(storage(pop()));
      case 'R' -> push(reduce());
      case 'b' -> build();
      default -> throw unknown(opcode);
    }
  }

  private void protocol(int version) {
    if (version < 2 || version > 5) {
      throw corrupt("its pickle has protocol " + version);
    }
  }

  private void frame(long length) {
    if (length < 0 || length > in.remaining()) {
      throw corrupt("its pickle has no end");
    }
  }

  private Object integer(int length) {
    byte[] digits = bytes(length);
    if (length == 0) {
      return 0L;
    }
    byte[] bigEndian = new byte[length];
    for (int i = 0; i < length; i++) {
      bigEndian[length - 1 - i] = digits[i];
    }
    BigInteger value = new BigInteger(bigEndian);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private String text(long length) {
    byte[] utf8 = bytes(length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw corrupt("its pickle has text that is not UTF-8");
    }
  }

  private byte[] bytes(long length) {
    if (length < 0 || length > in.remaining()) {
      throw corrupt("its pickle has no end");
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }

  /** A name up to the end of its line. */
  private String line() {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i <= MAX_NAME_BYTES; i++) {
      char next = (char) (in.get() & 0xff);
      if (next == '\n') {
        return line.toString();
      }
      line.append(next);
    }
    throw corrupt("its pickle has a name of more than " + MAX_NAME_BYTES + " bytes");
  }

  // The stack. What lies under the last mark is out of reach until that mark is taken.

  private void push(Object value) {
    if (stack.size() >= MAX_STACK) {
      throw corrupt("its pickle nests more than " + MAX_STACK + " values");
    }
    stack.add(value);
  }

  private void mark() {
    marks.push(stack.size());
    push(Sign.MARK);
  }

  private Object peek() {
    Object top = stack.isEmpty() ? Sign.MARK : stack.get(stack.size() - 1);
    if (top == Sign.MARK) {
      throw corrupt("its pickle takes a value where there is none");
    }
    return top;
  }

  private Object pop() {
    Object top = peek();
    stack.remove(stack.size() - 1);
    return top;
  }

  private List<Object> popToMark() {
    if (marks.isEmpty()) {
      throw corrupt("its pickle takes a mark where there is none");
    }
    int mark = marks.pop();
    List<Object> above = stack.subList(mark + 1, stack.size());
    List<Object> items = new ArrayList<>(above);
    above.clear();
    stack.remove(mark);
    return items;
  }

  private Tuple tuple(int size) {
    Object[] items = new Object[size];
    for (int i = size - 1; i >= 0; i--) {
      items[i] = pop();
    }
    return new Tuple(Arrays.asList(items));
  }

  private void append(List<Object> items) {
    if (peek() instanceof ArrayList<?> list) {
      @SuppressWarnings("unchecked") // Every list on the stack was made by push(new ArrayList<>()).
      List<Object> objects = (List<Object>) list;
      objects.addAll(items);
    } else {
      throw corrupt("its pickle appends to " + described(peek()));
    }
  }

  private void setItems(List<Object> keysAndValues) {
    if (!(peek() instanceof Dictionary dictionary) || keysAndValues.size() % 2 != 0) {
      throw corrupt("its pickle sets items of " + described(peek()));
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      if (!(keysAndValues.get(i) instanceof String key)) {
        throw refused("a dictionary whose key is " + described(keysAndValues.get(i)));
      }
      if (dictionary.entries.put(key, keysAndValues.get(i + 1)) != null) {
        throw corrupt("its pickle names " + Messages.quoted(key) + " twice");
      }
    }
  }

  private void memoize(int place) {
    Object top = peek();
    if (place >= 0 && place < memo.size()) {
      memo.set(place, top);
    } else if (place == memo.size()) {
      memo.add(top);
    } else {
      throw corrupt("its pickle leaves a gap in what it remembers");
    }
  }

  private Object remembered(int place) {
    if (place < 0 || place >= memo.size()) {
      throw corrupt("its pickle recalls what it has not remembered");
    }
    return memo.get(place);
  }

  // Names and what may be done with them.

  private Object stackGlobal() {
    Object attribute = pop();
    Object module = pop();
    if (module instanceof String moduleName && attribute instanceof String attributeName) {
      return global(moduleName, attributeName);
    }
    throw refused("a name made of " + described(module) + " and " + described(attribute));
  }

  private Global global(String module, String attribute) {
    for (Global known : Global.values()) {
      if (known.module.equals(module) && known.attribute.equals(attribute)) {
        return known;
      }
    }
    throw refused(Messages.quoted(module + "." + attribute));
  }

  /** A persistent id: ('storage', type, key, place, elements), and None in the older format. */
  private TorchStorage storage(Object id) {
    if (!(id instanceof Tuple tuple)
        || !(tuple.size() == 5 || (tuple.size() == 6 && tuple.items.get(5) == Sign.NONE))
        || !"storage".equals(tuple.items.get(0))
        || !(tuple.items.get(1) instanceof Global type)
        || type.storageType == null
        || !(tuple.items.get(2) instanceof String key)
        || !(tuple.items.get(3) instanceof String)
        || !(tuple.items.get(4) instanceof Long elements)) {
      throw refused("a reference that is not to the storage of a tensor");
    }
    if (elements < 0 || elements > Long.MAX_VALUE / type.storageType.bytes()) {
      throw corrupt("storage " + Messages.quoted(key) + " has " + elements + " elements");
    }
    TorchStorage storage = new TorchStorage(key, type.storageType, elements);
    TorchStorage same = storages.putIfAbsent(key, storage);
    if (same != null && !same.equals(storage)) {
      throw corrupt("storage " + Messages.quoted(key) + " has two types or sizes");
    }
    return storage;
  }

  private Object reduce() {
    Object arguments = pop();
    Object callable = pop();
    if (!(callable instanceof Global function) || !(arguments instanceof Tuple tuple)) {
      throw refused("a call of " + described(callable));
    }
    return switch (function) {
      case ORDERED_DICT -> orderedDict(tuple);
      case REBUILD_TENSOR -> tensor(tuple);
      case REBUILD_PARAMETER -> parameter(tuple);
      default -> throw refused("a call of '" + function + "'");
    };
  }

  private Dictionary orderedDict(Tuple arguments) {
    if (arguments.size() != 0) {
      throw refused("an OrderedDict made of " + described(arguments.items.get(0)));
    }
    return new Dictionary();
  }

  /** Arguments: storage, offset, sizes, strides, requires_grad, hooks. */
  private StridedTensor tensor(Tuple arguments) {
    List<Object> items = arguments.items;
    if (items.size() != 6
        || !(items.get(0) instanceof TorchStorage storage)
        || !(items.get(1) instanceof Long offset)
        || !(items.get(2) instanceof Tuple sizes)
        || !(items.get(3) instanceof Tuple strides)
        || !(items.get(4) instanceof Boolean)
        || !(items.get(5) instanceof Dictionary)) {
      throw refused("a tensor made of other than storage, offset, sizes and strides");
    }
    return new StridedTensor(storage, offset, longs(sizes), longs(strides));
  }

  private long[] longs(Tuple numbers) {
    if (numbers.size() > MAX_DIMENSIONS) {
      throw corrupt("a tensor has more than " + MAX_DIMENSIONS + " dimensions");
    }
    long[] values = new long[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(numbers.items.get(i) instanceof Long value)) {
        throw corrupt("a tensor has " + described(numbers.items.get(i)) + " as a size or stride");
      }
      values[i] = value;
    }
    return values;
  }

  /** Arguments: tensor, requires_grad, hooks. */
  private StridedTensor parameter(Tuple arguments) {
    List<Object> items = arguments.items;
    if (items.size() != 3
        || !(items.get(0) instanceof StridedTensor tensor)
        || !(items.get(1) instanceof Boolean)
        || !(items.get(2) instanceof Dictionary)) {
      throw refused("a parameter made of other than a tensor");
    }
    return tensor;
  }

  /** Gives an OrderedDict its attributes, such as _metadata: versions of modules, not needed. */
  private void build() {
    Object state = pop();
    if (!(peek() instanceof Dictionary) || !(state instanceof Dictionary)) {
      throw refused("attributes of " + described(peek()));
    }
  }

  /** What a value is, for messages: "the number 3". Looks no deeper than the value itself. */
  static String described(Object value) {
    if (value instanceof String text) {
      return "the text " + Messages.quoted(text);
    }
    if (value instanceof Long || value instanceof Double) {
      return "the number " + value;
    }
    if (value instanceof BigInteger) {
      return "a large number";
    }
    if (value instanceof Dictionary) {
      return "a dictionary";
    }
    if (value instanceof Tuple) {
      return "a tuple";
    }
    if (value instanceof ArrayList) {
      return "a list";
    }
    if (value instanceof StridedTensor) {
      return "a tensor";
    }
    if (value instanceof TorchStorage) {
      return "a storage";
    }
    return value == Sign.NONE ? "None" : "'" + value + "'"; // True, False, a global
  }

  private UserException unknown(int opcode) {
    String name = REFUSED_INSTRUCTIONS.get(opcode);
    return name == null
        ? corrupt(String.format("its pickle has the unknown instruction 0x%02x", opcode))
        : refused("the pickle instruction " + name);
  }

  private UserException corrupt(String cause) {
    return Messages.corrupt(file, cause);
  }

  private UserException refused(String what) {
    return UserException.of(
        "Cannot read " + file,
        "it asks to load " + what + ", which is refused: weights are tensors by name, nothing else",
        "Beware of the file unless you know where it comes from. To use it nevertheless, load it in"
            + " Python and write its tensors with safetensors.torch.save_file");
  }

  /** The instructions of pickle that torch.save has no use for. */
  private static final Map<Integer, String> REFUSED_INSTRUCTIONS =
      Map.ofEntries(
          Map.entry((int) '0', "POP"),
          Map.entry((int) '1', "POP_MARK"),
          Map.entry((int) '2', "DUP"),
          Map.entry((int) 'F', "FLOAT"),
          Map.entry((int) 'I', "INT"),
          Map.entry((int) 'L', "LONG"),
          Map.entry((int) 'P', "PERSID"),
          Map.entry((int) 'S', "STRING"),
          Map.entry((int) 'T', "BINSTRING"),
          Map.entry((int) 'U', "SHORT_BINSTRING"),
          Map.entry((int) 'V', "UNICODE"),
          Map.entry((int) 'B', "BINBYTES"),
          Map.entry((int) 'C', "SHORT_BINBYTES"),
          Map.entry((int) 'd', "DICT"),
          Map.entry((int) 'g', "GET"),
          Map.entry((int) 'i', "INST"),
          Map.entry((int) 'l', "LIST"),
          Map.entry((int) 'o', "OBJ"),
          Map.entry((int) 'p', "PUT"),
          Map.entry(0x81, "NEWOBJ"),
          Map.entry(0x82, "EXT1"),
          Map.entry(0x83, "EXT2"),
          Map.entry(0x84, "EXT4"),
          Map.entry(0x8b, "LONG4"),
          Map.entry(0x8e, "BINBYTES8"),
          Map.entry(0x8f, "EMPTY_SET"),
          Map.entry(0x90, "ADDITEMS"),
          Map.entry(0x91, "FROZENSET"),
          Map.entry(0x92, "NEWOBJ_EX"),
          Map.entry(0x96, "BYTEARRAY8"),
          Map.entry(0x97, "NEXT_BUFFER"),
          Map.entry(0x98, "READONLY_BUFFER"));
}
