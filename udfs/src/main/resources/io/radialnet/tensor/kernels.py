class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  multiplies_tiles : bool
  multiplies_bfloat16 : bool

  # table (V, E), ids int64 (N) -> (N, E), times a scale that is rounded to the table's dtype
  def embedding(self: __torch__.Kernels, table: Tensor, ids: Tensor, scale: float) -> Tensor:
    rows = torch.embedding(table, ids)
    if scale != 1.0:
      scaled = torch.mul(rows, torch.type_as(torch.tensor(scale), rows))
    else:
      scaled = rows
    return scaled

  # Whether products of such numbers are faster in float32, converting included: float16 on CPUs, and bfloat16 on those that have
  # no fast units for it.
  def widens(self: __torch__.Kernels, x: Tensor) -> bool:
    if x.is_cuda:
      wide = False
    elif x.dtype == 5:
      wide = True
    elif x.dtype == 15:
      wide = not (self).has_products_of_bfloat16()
    else:
      wide = False
    return wide

  # [] or [bias] as torch's operators take it
  def optional(self: __torch__.Kernels, bias: List[Tensor]) -> Optional[Tensor]:
    if len(bias) > 0:
      shift = annotate(Optional[Tensor], bias[0])
    else:
      shift = annotate(Optional[Tensor], None)
    return shift

  # x weight^T + bias: x (N, I), weight (O, I), bias (O) or None -> (N, O)
  def product(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
    if (self).widens(x):
      y = (self).wide_product(x, torch.to(weight, 6), bias)
    else:
      y = torch.linear(x, weight, bias)
    return y

  # product in float32, rounded at its end; weight is of float32, and x and the result are only so in pieces that stay in the cache
  def wide_product(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
    y = torch.empty([torch.size(x, 0), torch.size(weight, 0)], dtype=x.dtype)
    pieces = (self).pieces(x)
    results = (self).pieces(y)
    columns = torch.t(weight)
    x_room = (self).room(pieces)
    y_room = (self).room(results)
    for i in range(len(pieces)):
      piece = (self).readable(pieces[i], x_room)
      place = (self).place(y_room, piece)
      if bias is not None:
        wide = torch.addmm(torch.to(bias, 6), piece, columns, out=place)
      else:
        wide = torch.mm(piece, columns, out=place)
      _0 = torch.copy_(results[i], wide)
    return y

  # a b: a (..., Q, C), b (..., C, K) -> (..., Q, K)
  def matmul(self: __torch__.Kernels, a: Tensor, b: Tensor) -> Tensor:
    if (self).widens(a):
      y = torch.to(torch.matmul(torch.to(a, 6), torch.to(b, 6)), a.dtype)
    else:
      y = torch.matmul(a, b)
    return y

  # x (..., E), weight (E), bias (E), of the dtype of x or, on CPUs, of float32 -> (..., E)
  def layer_norm(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Tensor, epsilon: float) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, -1)], weight, bias, epsilon)

  # x (N, ...) in parts of rows, [(R1, ...), (R2, ...), ...], of about as many each: on CPUs few enough for some float32 copies of them to
  # stay in a core's cache
  def slices(self: __torch__.Kernels, x: Tensor) -> List[Tensor]:
    if x.is_cuda:
      parts = [x]
    else:
      rows = max(1, torch.size(x, 0))
      most = max(1, torch.floordiv(98304, max(1, torch.floordiv(torch.numel(x), rows))))
      count = torch.floordiv(rows + most - 1, most)
      parts = torch.split(x, torch.floordiv(rows + count - 1, count), 0)
    return parts

  # float32 room for any of such slices, also of several arrays, which stays in the cache from one to the next
  def room(self: __torch__.Kernels, slices: List[Tensor]) -> Tensor:
    largest = 0
    for i in range(len(slices)):
      if torch.size(slices[i], 0) > torch.size(slices[largest], 0):
        largest = i
    return torch.empty(torch.size(slices[largest]), dtype=6, device=slices[largest].device)

  # The first rows of room, as many as x has; room itself where these are all, as for all slices but the last: a view takes a microsecond
  def place(self: __torch__.Kernels, room: Tensor, x: Tensor) -> Tensor:
    rows = torch.size(x, 0)
    if rows == torch.size(room, 0):
      y = room
    else:
      y = torch.slice(room, 0, 0, rows)
    return y

  # x (R, ...) as it is read for float32: itself where that costs no pass, on CUDA and in float32, else copied to room
  def readable(self: __torch__.Kernels, x: Tensor, room: Tensor) -> Tensor:
    if x.is_cuda or x.dtype == 6:
      y = x
    else:
      y = torch.copy_((self).place(room, x), x)
    return y

  # x (R, ..., E) as read, its L2 norms (R, ..., 1) float32, weight (E): y (R, ..., E) becomes x over its root mean square. A float32 weight
  # is applied before rounding to the dtype of y, one of that dtype after it: Gemma and Llama differ in this.
  def rms_scale(self: __torch__.Kernels, x: Tensor, norms: Tensor, weight: Tensor, epsilon: float, room: Tensor, y: Tensor) -> None:
    mean_square = torch.div(torch.mul(norms, norms), torch.size(x, -1))
    normed = torch.mul(x, torch.rsqrt(torch.add(mean_square, epsilon)), out=(self).place(room, x))
    if weight.dtype == y.dtype:
      _0 = torch.mul_(torch.copy_(y, normed), weight)
    else:
      _1 = torch.copy_(y, torch.mul_(normed, weight))

  # x (N, ..., E), weight (E) -> (N, ..., E); the mean square in float32 whatever the dtype of x
  def rms_norm(self: __torch__.Kernels, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    y = torch.empty(torch.size(x), dtype=x.dtype, device=x.device)
    slices = (self).slices(x)
    results = (self).slices(y)
    room = (self).room(slices)
    for i in range(len(slices)):
      some = (self).readable(slices[i], room)
      norms = torch.linalg_vector_norm(some, 2, [-1], True, dtype=6)
      _0 = (self).rms_scale(some, norms, weight, epsilon, room, results[i])
    return y

  # As rms_norm, of x (N, E) whose L2 norms (N) are known, bit for bit as norms and add_with_norms give them
  def rms_norm_known(self: __torch__.Kernels, x: Tensor, norms: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    y = torch.empty(torch.size(x), dtype=x.dtype, device=x.device)
    slices = (self).slices(x)
    results = (self).slices(y)
    known = torch.split(torch.unsqueeze(norms, 1), torch.size(slices[0], 0), 0)
    room = (self).room(slices)
    for i in range(len(slices)):
      _0 = (self).rms_scale((self).readable(slices[i], room), known[i], weight, epsilon, room, results[i])
    return y

  # x (N, E) -> (N, E) by the norm that weights are of: [weight (E), bias (E)] a LayerNorm, [weight (E)] an RMSNorm, whose L2 norms of x are
  # known [(N)] or not [], and [] none
  def normed(self: __torch__.Kernels, x: Tensor, weights: List[Tensor], known: List[Tensor], epsilon: float) -> Tensor:
    if len(weights) == 2:
      y = (self).layer_norm(x, weights[0], weights[1], epsilon)
    elif len(weights) == 0:
      y = x
    elif len(known) == 0:
      y = (self).rms_norm(x, weights[0], epsilon)
    else:
      y = (self).rms_norm_known(x, known[0], weights[0], epsilon)
    return y

  # x, elementwise, which may be overwritten
  def activate(self: __torch__.Kernels, x: Tensor, name: str) -> Tensor:
    if name == "relu":
      y = torch.relu_(x)
    elif name == "silu":
      y = torch.silu_(x)
    elif name == "gelu":
      y = torch.gelu_(x)
    elif name == "gelu_tanh":
      y = torch.gelu_(x, approximate="tanh")
    else:
      if name != "none":
        ops.prim.RaiseException("unknown activation")
      y = x
    return y

  # x (N, H, D), cosines and sines (N, R): of the first R of D, the two halves rotate against each other; the first half of
  # the sines is negated
  def rotate(self: __torch__.Kernels, x: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    rotated = torch.size(cosines, -1)
    pairs = torch.slice(x, -1, 0, rotated)
    turned = torch.roll(pairs, [torch.floordiv(rotated, 2)], [-1])
    y = torch.mul(pairs, torch.unsqueeze(cosines, 1))
    y = torch.addcmul_(y, turned, torch.unsqueeze(sines, 1))
    if rotated < torch.size(x, -1):
      whole = torch.cat([y, torch.slice(x, -1, rotated)], -1)
    else:
      whole = y
    return whole

  # Which keys, from from_key (inclusive) to to_key (exclusive), a query from from_query to to_query does not see: those after
  # itself, and with a window those before the window's last, itself counted -> bool (queries, keys)
  def hidden(self: __torch__.Kernels, like: Tensor, from_query: int, to_query: int, from_key: int, to_key: int, window: int) -> Tensor:
    queries = torch.unsqueeze(torch.arange(from_query, to_query, dtype=4, device=like.device), 1)
    keys = torch.unsqueeze(torch.arange(from_key, to_key, dtype=4, device=like.device), 0)
    unseen = torch.gt(keys, queries)
    if window > 0:
      unseen = torch.__or__(unseen, torch.le(keys, torch.sub(queries, window)))
    return unseen

  # As hidden, as bounds of scores: minus infinity for keys that are not seen, infinity for others -> float32 (queries, keys)
  def bounds(self: __torch__.Kernels, like: Tensor, from_query: int, to_query: int, from_key: int, to_key: int, window: int) -> Tensor:
    unseen = (self).hidden(like, from_query, to_query, from_key, to_key, window)
    return torch.where(unseen, -float("inf"), float("inf"))

  # q (S, R, D), k (S, D, K) -> scale q k, (S, R, K), on CPUs in float32 in the first places of room
  def scores(self: __torch__.Kernels, q: Tensor, k: Tensor, scale: float, room: Tensor) -> Tensor:
    if q.is_cuda:
      products = torch.matmul(torch.mul(q, scale), k)
    else:
      size = [torch.size(q, 0), torch.size(q, 1), torch.size(k, 2)]
      place = torch.view(torch.slice(room, 0, 0, size[0] * size[1] * size[2]), size)
      products = torch.baddbmm(place, q, k, beta=0, alpha=scale, out=place)
    return products

  # scores (..., K), which may be overwritten -> softmax over K in float32; in place the cache has to hold half as much
  def softmax(self: __torch__.Kernels, scores: Tensor) -> Tensor:
    if scores.is_cuda:
      weights = torch.softmax(scores, -1, 6)
    else:
      weights = torch.softmax(scores, -1, 6, out=scores)
    return weights

  # q (S, H / G Q, D) of S = B G sequences and keys' heads, k (S, D, K), v (S, K, D), bounds [] or [(Q, C)] for the last C keys
  # -> (B, H, Q, D) in the dtype of v, which may have fewer bits than q and k; scores are in float32 in softmax, cap * tanh(score / cap) where
  # cap is not 0. The H / G heads that share keys go through one product.
  def attend(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, bounds: List[Tensor], heads: int, queries: int, scale: float, cap: float, room: Tensor) -> Tensor:
    scores = (self).scores(q, k, scale, room)
    if cap != 0.0:
      scores = torch.mul_(torch.tanh_(torch.div_(scores, cap)), cap)
    if len(bounds) > 0:
      by_query = torch.view(scores, [-1, heads, queries, torch.size(k, 2)])
      last = torch.slice(by_query, 3, torch.size(k, 2) - torch.size(bounds[0], 1))
      _0 = torch.minimum(last, torch.type_as(bounds[0], last), out=last)
    weights = torch.type_as((self).softmax(scores), v)
    return torch.view((self).matmul(weights, v), [-1, heads, queries, torch.size(v, 2)])

  # As attention, in pieces whose scores a processor's cache holds: so many sequences, chunk queries.
  def attention_by_chunks(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, scale: float, causal: bool, window: int, cap: float) -> Tensor:
    heads = torch.size(q, 1)
    length = torch.size(q, 2)
    if q.is_cuda:
      chunk = 256
      most_scores = 16777216
    else:
      chunk = 64
      most_scores = 98304
    if window > 0:
      width = min(length, window + chunk)
    else:
      width = length
    scores_of_one = heads * min(chunk, length) * width
    together = min(torch.size(q, 0), max(1, torch.floordiv(most_scores, scores_of_one)))
    if q.is_cuda:
      room = torch.empty([0], device=q.device)
    else:
      room = torch.empty([together * scores_of_one], dtype=6)
    triangle = (self).bounds(q, 0, min(chunk, length), 0, min(chunk, length), 0)
    by_position = torch.empty([torch.size(q, 0), length, heads, torch.size(v, 3)], dtype=v.dtype, device=v.device)
    mixed = torch.transpose(by_position, 1, 2)
    for g in range(torch.floordiv(torch.size(q, 0) + together - 1, together)):
      queries = torch.slice(q, 0, g * together, (g + 1) * together)
      keys = torch.transpose(torch.flatten(torch.slice(k, 0, g * together, (g + 1) * together), 0, 1), 1, 2)
      values = torch.flatten(torch.slice(v, 0, g * together, (g + 1) * together), 0, 1)
      results = torch.slice(mixed, 0, g * together, (g + 1) * together)
      for i in range(torch.floordiv(length + chunk - 1, chunk)):
        from_query = i * chunk
        to_query = min(length, from_query + chunk)
        rows = to_query - from_query
        from_key = 0
        to_key = length
        bounds = annotate(List[Tensor], [])
        if causal:
          to_key = to_query
          if window > 0:
            from_key = max(0, from_query - window + 1)
            bounds = [(self).bounds(q, from_query, to_query, from_key, to_key, window)]
          else:
            bounds = [torch.slice(torch.slice(triangle, 0, 0, rows), 1, 0, rows)]
        some = torch.reshape(torch.slice(queries, 2, from_query, to_query), [torch.size(keys, 0), -1, torch.size(q, 3)])
        near_keys = torch.slice(keys, 2, from_key, to_key)
        near_values = torch.slice(values, 1, from_key, to_key)
        result = torch.slice(results, 2, from_query, to_query)
        _0 = torch.copy_(result, (self).attend(some, near_keys, near_values, bounds, heads, rows, scale, cap, room))
    return mixed

  # q (B, H, T, D), k and v (B, G, T, D) -> (B, H, T, D), by torch's kernel
  def fused_attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, scale: float, causal: bool) -> Tensor:
    groups = torch.floordiv(torch.size(q, 1), torch.size(k, 1))
    if groups != 1:
      keys = torch.repeat_interleave(k, groups, 1)
      values = torch.repeat_interleave(v, groups, 1)
    else:
      keys = k
      values = v
    return torch.scaled_dot_product_attention(q, keys, values, None, 0., causal, scale=scale)

  # Whether torch's kernel is the faster one: on CUDA; on processors that multiply tiles for bfloat16, and for float32 of long sequences
  def fuses(self: __torch__.Kernels, q: Tensor, window: int, cap: float) -> bool:
    if q.is_cuda:
      fused = True
    elif q.dtype == 15:
      fused = (self).multiplies_tiles
    elif q.dtype == 6:
      fused = (self).multiplies_tiles and torch.size(q, 2) >= 1024
    else:
      fused = False
    return fused and window == 0 and cap == 0.0

  # q (B, H, T, D), k and v (B, G, T, D) with H a multiple of G -> (B, H, T, D). window 0: all earlier keys; cap 0: none.
  # Never holds a (T, T) array: by torch's kernel or in chunks of queries. Of these, on CPUs, scores are in float32, closer than 16 bits and
  # mostly faster; so is what the weights mix, unless the processor multiplies its dtype: torch's kernels round weights likewise.
  def attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, scale: float, causal: bool, window: int, cap: float) -> Tensor:
    if window >= torch.size(q, 2):
      reach = 0
    else:
      reach = window
    if (self).fuses(q, reach, cap):
      mixed = (self).fused_attention(q, k, v, scale, causal)
    elif q.is_cuda:
      mixed = (self).attention_by_chunks(q, k, v, scale, causal, reach, cap)
    else:
      if (self).widens(v):
        values = torch.to(v, 6)
      else:
        values = v
      mixed = (self).attention_by_chunks(torch.to(q, 6), torch.to(k, 6), values, scale, causal, reach, cap)
    return mixed

  # x (B * T, H, D) -> (B, H, T, D)
  def by_head(self: __torch__.Kernels, x: Tensor, count: int) -> Tensor:
    return torch.transpose(torch.view(x, [count, -1, torch.size(x, 1), torch.size(x, 2)]), 1, 2)

  # q (N, H, D), k and v (N, G, D) -> (N, H * D). The N positions are sequences laid end to end, each attending to itself
  # alone; runs [count, length, count, length, ...] says how many sequences of which length follow each other.
  def attention_of_sequences(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, runs: List[int], scale: float, causal: bool, window: int, cap: float) -> Tensor:
    parts = annotate(List[Tensor], [])
    start = 0
    for i in range(torch.floordiv(len(runs), 2)):
      count = runs[2 * i]
      end = start + count * runs[2 * i + 1]
      queries = (self).by_head(torch.slice(q, 0, start, end), count)
      keys = (self).by_head(torch.slice(k, 0, start, end), count)
      values = (self).by_head(torch.slice(v, 0, start, end), count)
      mixed = (self).attention(queries, keys, values, scale, causal, window, cap)
      merged = torch.reshape(torch.transpose(mixed, 1, 2), [end - start, -1])
      _0 = torch.append(parts, torch.type_as(merged, q))
      start = end
    return (self).joined(parts)

  # x (N, E) -> (N, E): projections to H query and G key and value heads in one product, norms of the heads (head_norms [] or
  # [query weight, key weight], each (D)), rotary positions (rotary [] or [cosines, sines]), attention, output projection
  def attention_block(self: __torch__.Kernels, x: Tensor, qkv_proj: List[Tensor], o_proj: List[Tensor], head_norms: List[Tensor], epsilon: float, rotary: List[Tensor], runs: List[int], heads: int, kv_heads: int, scale: float, causal: bool, window: int, cap: float) -> Tensor:
    qkv = (self).linear(x, qkv_proj[0], torch.slice(qkv_proj, 1), "none")
    qkv_heads = torch.view(qkv, [torch.size(x, 0), heads + 2 * kv_heads, -1])
    v = torch.slice(qkv_heads, 1, heads + kv_heads)
    if len(head_norms) > 0:
      normed_q = (self).rms_norm(torch.slice(qkv_heads, 1, 0, heads), head_norms[0], epsilon)
      normed_k = (self).rms_norm(torch.slice(qkv_heads, 1, heads, heads + kv_heads), head_norms[1], epsilon)
      qk = torch.cat([normed_q, normed_k], 1)
    else:
      qk = torch.slice(qkv_heads, 1, 0, heads + kv_heads)
    if len(rotary) > 0:
      turned = (self).rotate(qk, rotary[0], rotary[1])
    else:
      turned = qk
    q = torch.slice(turned, 1, 0, heads)
    k = torch.slice(turned, 1, heads)
    mixed = (self).attention_of_sequences(q, k, v, runs, scale, causal, window, cap)
    return (self).linear(mixed, o_proj[0], torch.slice(o_proj, 1), "none")

  # x (N, E) in parts of rows, [(R1, E), (R2, E), ...]: on CPUs few enough for what is between a network's maps to stay in the cache
  def pieces(self: __torch__.Kernels, x: Tensor) -> List[Tensor]:
    if x.is_cuda:
      parts = [x]
    else:
      parts = torch.split(x, 512, 0)
    return parts

  # x (N, E) in the parts that go through a feed-forward network one after the other. Where products widen, each converts its weight, so
  # all rows go through a product together.
  def mlp_pieces(self: __torch__.Kernels, x: Tensor) -> List[Tensor]:
    if (self).widens(x):
      parts = [x]
    else:
      parts = (self).pieces(x)
    return parts

  # known [(N)] or [] in the parts that pieces has of N rows: [[(R1)], [(R2)], ...] or [[], [], ...]
  def known_of(self: __torch__.Kernels, pieces: List[Tensor], known: List[Tensor]) -> List[List[Tensor]]:
    parts = annotate(List[List[Tensor]], [])
    start = 0
    for i in range(len(pieces)):
      end = start + torch.size(pieces[i], 0)
      part = annotate(List[Tensor], [])
      if len(known) > 0:
        part = [torch.slice(known[0], 0, start, end)]
      _0 = torch.append(parts, part)
      start = end
    return parts

  # [(R1, ...), (R2, ...), ...] -> (R1 + R2 + ..., ...); one part alone is the result itself
  def joined(self: __torch__.Kernels, parts: List[Tensor]) -> Tensor:
    if len(parts) == 1:
      x = parts[0]
    else:
      x = torch.cat(parts, 0)
    return x

  # x (N, E) -> [(R1, E), (R2, E), ...], N rows in all: down(activation(up(h))) of h that is normed(x), piece by piece
  def mlp_block(self: __torch__.Kernels, x: Tensor, norm: List[Tensor], known: List[Tensor], epsilon: float, up_proj: List[Tensor], down_proj: List[Tensor], activation: str) -> List[Tensor]:
    pieces = (self).mlp_pieces(x)
    known_norms = (self).known_of(pieces, known)
    parts = annotate(List[Tensor], [])
    for i in range(len(pieces)):
      h = (self).normed(pieces[i], norm, known_norms[i], epsilon)
      wide = (self).linear(h, up_proj[0], torch.slice(up_proj, 1), activation)
      _0 = torch.append(parts, (self).linear(wide, down_proj[0], torch.slice(down_proj, 1), "none"))
    return parts

  # x (N, E) -> [(R1, E), (R2, E), ...], N rows in all: down(activation(gate(h)) * up(h)) of h that is normed(x), piece by piece
  def gated_mlp_block(self: __torch__.Kernels, x: Tensor, norm: List[Tensor], known: List[Tensor], epsilon: float, gate_proj: List[Tensor], up_proj: List[Tensor], down_proj: List[Tensor], activation: str) -> List[Tensor]:
    pieces = (self).mlp_pieces(x)
    known_norms = (self).known_of(pieces, known)
    parts = annotate(List[Tensor], [])
    for i in range(len(pieces)):
      h = (self).normed(pieces[i], norm, known_norms[i], epsilon)
      gate = (self).linear(h, gate_proj[0], torch.slice(gate_proj, 1), activation)
      up = (self).linear(h, up_proj[0], torch.slice(up_proj, 1), "none")
      _0 = torch.append(parts, (self).linear(torch.mul_(up, gate), down_proj[0], torch.slice(down_proj, 1), "none"))
    return parts

  # a - b in float32
  def difference(self: __torch__.Kernels, a: Tensor, b: Tensor) -> Tensor:
    return torch.sub(torch.to(a, 6), b)

  # x (N, E) -> (N) float32, L2 norms over E
  def norms(self: __torch__.Kernels, x: Tensor) -> Tensor:
    slices = (self).slices(x)
    parts = annotate(List[Tensor], [])
    for i in range(len(slices)):
      _0 = torch.append(parts, torch.linalg_vector_norm(slices[i], 2, [-1], False, dtype=6))
    return (self).joined(parts)

  # a and b (N, E) -> (N) float32, |a - b|, the difference being of float32 too
  def difference_norms(self: __torch__.Kernels, a: Tensor, b: Tensor) -> Tensor:
    a_slices = (self).slices(a)
    b_slices = (self).slices(b)
    parts = annotate(List[Tensor], [])
    for i in range(len(a_slices)):
      difference = (self).difference(a_slices[i], b_slices[i])
      _0 = torch.append(parts, torch.linalg_vector_norm(difference, 2, [-1], False))
    return (self).joined(parts)

  # before (N, E), update [(R1, E), (R2, E), ...] of N rows in all -> their sum (N, E). Of norms (3, N) float32 the rows become |update|,
  # |sum| and, if origin is [(N, E)] and not [], |sum - origin|: in one pass, while the numbers are in the cache.
  def add_with_norms(self: __torch__.Kernels, before: Tensor, update: List[Tensor], origin: List[Tensor], norms: Tensor) -> Tensor:
    after = torch.empty_like(before)
    updates = annotate(List[Tensor], [])
    rows = annotate(List[int], [])
    for p in range(len(update)):
      slices = (self).slices(update[p])
      for s in range(len(slices)):
        _4 = torch.append(updates, slices[s])
        _5 = torch.append(rows, torch.size(slices[s], 0))
    befores = torch.split_with_sizes(before, rows, 0)
    afters = torch.split_with_sizes(after, rows, 0)
    update_norms = torch.split_with_sizes(torch.select(norms, 0, 0), rows, 0)
    after_norms = torch.split_with_sizes(torch.select(norms, 0, 1), rows, 0)
    room = (self).room(updates)
    if len(origin) > 0:
      origins = torch.split_with_sizes(origin[0], rows, 0)
      change_norms = torch.split_with_sizes(torch.select(norms, 0, 2), rows, 0)
      other_room = (self).room(updates)
    else:
      origins = annotate(List[Tensor], [])
      change_norms = annotate(List[Tensor], [])
      other_room = room
    for i in range(len(updates)):
      _0 = torch.add(updates[i], befores[i], alpha=1, out=afters[i])
      added = (self).readable(updates[i], room)
      _1 = torch.linalg_vector_norm(added, 2, [-1], False, dtype=6, out=update_norms[i])
      sum = (self).readable(afters[i], room)
      _2 = torch.linalg_vector_norm(sum, 2, [-1], False, dtype=6, out=after_norms[i])
      if len(origin) > 0:
        change = torch.sub_(torch.copy_((self).place(other_room, sum), origins[i]), sum, alpha=1)
        _3 = torch.linalg_vector_norm(change, 2, [-1], False, dtype=6, out=change_norms[i])
    return after

  # a and b (N, E) -> (N) float32, their products summed over E
  def dots(self: __torch__.Kernels, a: Tensor, b: Tensor) -> Tensor:
    a_slices = (self).slices(a)
    b_slices = (self).slices(b)
    parts = annotate(List[Tensor], [])
    for i in range(len(a_slices)):
      _0 = torch.append(parts, torch.linalg_vecdot(torch.to(a_slices[i], 6), torch.to(b_slices[i], 6)))
    return (self).joined(parts)

  # Measures of residual additions after = before + update, one a layer, of their norms and of before's products with after, each
  # [(N), (N), ...] float32, L of them, or [] where no measure needs it. wanted, in any order: 0 ratio, 1 cosine, 2 input norm, 3 update
  # norm, 4 output norm -> (M, N, L)
  def measures(self: __torch__.Kernels, before_norms: List[Tensor], update_norms: List[Tensor], after_norms: List[Tensor], dots: List[Tensor], wanted: List[int]) -> Tensor:
    columns = annotate(List[Tensor], [])
    for i in range(len(wanted)):
      measure = wanted[i]
      if measure == 0:
        column = torch.div(torch.stack(update_norms, 1), torch.stack(after_norms, 1))
      elif measure == 1:
        norms = torch.mul(torch.stack(before_norms, 1), torch.stack(after_norms, 1))
        column = torch.div(torch.stack(dots, 1), torch.clamp_min(norms, 1e-08))
      elif measure == 2:
        column = torch.stack(before_norms, 1)
      elif measure == 3:
        column = torch.stack(update_norms, 1)
      else:
        column = torch.stack(after_norms, 1)
      _0 = torch.append(columns, column)
    return torch.stack(columns, 0)

  # update and after (N, E) -> (N) float32, |update| / |after|
  def ratio(self: __torch__.Kernels, update: Tensor, after: Tensor) -> Tensor:
    return torch.div((self).norms(update), (self).norms(after))

  # x (N, E), projection (E, K) -> (N, K + 1) float32: x projected, ln |x| (of at least 1e-30, so that it is finite)
  def stream_features(self: __torch__.Kernels, x: Tensor, projection: Tensor) -> Tensor:
    wide = torch.to(x, 6)
    log_norm = torch.log(torch.clamp_min((self).norms(x), 1e-30))
    return torch.cat([torch.matmul(wide, projection), torch.unsqueeze(log_norm, 1)], 1)

  # parts [(N, ...), (N, ...), ...] one after the other, of which some rows
  def selected(self: __torch__.Kernels, parts: List[Tensor], rows: Tensor) -> Tensor:
    return torch.index_select(torch.cat(parts, 0), 0, rows)

  # hidden (N, E), head (V, E) -> (N, V) in the dtype of hidden, capped as scores are; cap 0: none
  def logits(self: __torch__.Kernels, hidden: Tensor, head: Tensor, cap: float) -> Tensor:
    raw = (self).product(hidden, head, None)
    if cap == 0.0:
      capped = raw
    else:
      capped = torch.mul(torch.tanh(torch.div(raw, cap)), cap)
    return capped

  # hidden (N, E), head (V, E), targets (N) -> (N) float32, -log softmax(logits)[target]; rows logits at a time
  def surprisal(self: __torch__.Kernels, hidden: Tensor, head: Tensor, targets: Tensor, cap: float, rows: int) -> Tensor:
    parts = annotate(List[Tensor], [])
    chunks = torch.split(hidden, rows, 0)
    wanted = torch.split(targets, rows, 0)
    for i in range(len(chunks)):
      wide = torch.to((self).logits(chunks[i], head, cap), 6)
      _0 = torch.append(parts, torch.cross_entropy_loss(wide, wanted[i], None, 0))
    return torch.cat(parts, 0)

  # a copy of x in a dtype, by torch's number
  def cast(self: __torch__.Kernels, x: Tensor, target: int) -> Tensor:
    return torch.to(x, target, False, True)

  # whether all of x are finite numbers -> bool (): so they are where their sum is, which takes one pass and no memory. It can leave the
  # range of their dtype, and says nothing then.
  def finite(self: __torch__.Kernels, x: Tensor) -> Tensor:
    of_sum = torch.isfinite(torch.sum(x))
    if bool(of_sum):
      all_are = of_sum
    else:
      all_are = torch.all(torch.isfinite(x))
    return all_are

  # the bits of x read as a dtype of the same width, by torch's number
  def reinterpret(self: __torch__.Kernels, x: Tensor, target: int) -> Tensor:
    return torch.view_copy(x, dtype=target)

  # weight (I, O) -> (O, I), contiguous
  def transposed(self: __torch__.Kernels, weight: Tensor) -> Tensor:
    return torch.contiguous(torch.transpose(weight, 0, 1))

  # weight or bias (H * 3 * D, ...), per head its query, key and value rows -> (3 * H * D, ...), all query rows first
  def queries_first(self: __torch__.Kernels, weight: Tensor, heads: int) -> Tensor:
    by_head = torch.unflatten(weight, 0, [heads, 3, -1])
    return torch.flatten(torch.transpose(by_head, 0, 1), 0, 2)

  # x (N, I) float32 or float64, less mean (I) and over scale (I) -> (N, I) float64
  def standardised(self: __torch__.Kernels, x: Tensor, mean: Tensor, scale: Tensor) -> Tensor:
    return torch.div(torch.sub(torch.to(x, 7), mean), scale)

  # x (N, I), weights (H, I), (H), (2, H), (2) float64 -> (N) float64: the second class of a perceptron with one hidden layer
  def router_mlp(self: __torch__.Kernels, x: Tensor, mean: Tensor, scale: Tensor, w0: Tensor, b0: Tensor, w1: Tensor, b1: Tensor) -> Tensor:
    hidden = torch.sigmoid(torch.linear(self.standardised(x, mean, scale), w0, b0))
    return torch.select(torch.softmax(torch.linear(hidden, w1, b1), 1), 1, 1)

  # x (N, I), w (1, I), b (1) float64 -> (N) float64: a logistic regression
  def router_logistic(self: __torch__.Kernels, x: Tensor, mean: Tensor, scale: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.select(torch.sigmoid(torch.linear(self.standardised(x, mean, scale), w, b)), 1, 0)

  # x (N), knots (K) ascending, values (K) float64 -> (N): linear between knots, constant beyond them, exactly the value at a knot
  def interpolate(self: __torch__.Kernels, x: Tensor, knots: Tensor, values: Tensor) -> Tensor:
    last = torch.sub(torch.size(knots, 0), 1)
    if last == 0:
      y = torch.add(torch.mul(x, 0), values)
    else:
      inside = torch.clamp(x, torch.select(knots, 0, 0), torch.select(knots, 0, last))
      right = torch.clamp(torch.searchsorted(knots, inside, right=True), 1, last)
      left = torch.sub(right, 1)
      x0 = torch.index_select(knots, 0, left)
      y0 = torch.index_select(values, 0, left)
      rise = torch.sub(torch.index_select(values, 0, right), y0)
      run = torch.sub(torch.index_select(knots, 0, right), x0)
      between = torch.add(y0, torch.div(torch.mul(rise, torch.sub(inside, x0)), run))
      y = torch.where(torch.ge(x, torch.select(knots, 0, last)), torch.select(values, 0, last), between)
    return y
