class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # table (V, E), ids int64 (B, T) -> (B, T, E)
  def embedding(self: __torch__.Kernels, table: Tensor, ids: Tensor) -> Tensor:
    return torch.embedding(table, ids)

  # x (..., I), weight (O, I), bias [] or [(O)] -> (..., O)
  def linear(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: List[Tensor]) -> Tensor:
    if len(bias) > 0:
      y = torch.linear(x, weight, bias[0])
    else:
      y = torch.linear(x, weight, None)
    return y

  # x (..., E), weight (E), bias (E) -> (..., E)
  def layer_norm(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Tensor, epsilon: float) -> Tensor:
    return torch.layer_norm(x, [torch.size(x, -1)], weight, bias, epsilon)

  # x (..., E), weight (E) -> (..., E); the mean square in float32 whatever the dtype of x
  def rms_norm(self: __torch__.Kernels, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    wide = torch.to(x, 6)
    mean_square = torch.mean(torch.mul(wide, wide), [-1], True)
    normed = torch.mul(wide, torch.rsqrt(torch.add(mean_square, epsilon)))
    return torch.mul(weight, torch.type_as(normed, x))

  # x, elementwise; the names are those of config.json
  def activate(self: __torch__.Kernels, x: Tensor, name: str) -> Tensor:
    if name == "relu":
      y = torch.relu(x)
    elif name == "silu":
      y = torch.silu(x)
    elif name == "gelu":
      y = torch.gelu(x)
    elif name == "gelu_tanh":
      y = torch.gelu(x, approximate="tanh")
    else:
      ops.prim.RaiseException("unknown activation")
      y = x
    return y

  # x (B, H, T, D), cosines and sines (T, D): the two halves of D rotate against each other
  def rotate(self: __torch__.Kernels, x: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    half = torch.floordiv(torch.size(x, -1), 2)
    low = torch.slice(x, -1, 0, half)
    high = torch.slice(x, -1, half)
    turned = torch.cat([torch.neg(high), low], -1)
    return torch.add(torch.mul(x, cosines), torch.mul(turned, sines))

  # x (B, T, H * D) -> (B, H, T, D)
  def split_heads(self: __torch__.Kernels, x: Tensor, heads: int) -> Tensor:
    return torch.transpose(torch.view(x, [torch.size(x, 0), torch.size(x, 1), heads, -1]), 1, 2)

  # q (B, H, T, D), k and v (B, G, T, D) with H a multiple of G -> (B, H, T, D); never holds a (T, T) array
  def attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, scale: float, causal: bool) -> Tensor:
    groups = torch.floordiv(torch.size(q, 1), torch.size(k, 1))
    if groups != 1:
      keys = torch.repeat_interleave(k, groups, 1)
      values = torch.repeat_interleave(v, groups, 1)
    else:
      keys = k
      values = v
    return torch.scaled_dot_product_attention(q, keys, values, None, 0., causal, scale=scale)

  # x (B, T, E) -> (B, T, E): projections, rotary positions (rotary [] or [cosines, sines]), attention, output projection
  def attention_block(self: __torch__.Kernels, x: Tensor, q_proj: List[Tensor], k_proj: List[Tensor], v_proj: List[Tensor], o_proj: List[Tensor], rotary: List[Tensor], heads: int, kv_heads: int, scale: float, causal: bool) -> Tensor:
    q = (self).split_heads((self).linear(x, q_proj[0], torch.slice(q_proj, 1)), heads)
    k = (self).split_heads((self).linear(x, k_proj[0], torch.slice(k_proj, 1)), kv_heads)
    v = (self).split_heads((self).linear(x, v_proj[0], torch.slice(v_proj, 1)), kv_heads)
    if len(rotary) > 0:
      queries = (self).rotate(q, rotary[0], rotary[1])
      keys = (self).rotate(k, rotary[0], rotary[1])
    else:
      queries = q
      keys = k
    mixed = (self).attention(queries, keys, v, scale, causal)
    merged = torch.flatten(torch.transpose(mixed, 1, 2), 2)
    return (self).linear(merged, o_proj[0], torch.slice(o_proj, 1))

  # x (B, T, E) -> (B, T, E): down(activation(up(x)))
  def mlp_block(self: __torch__.Kernels, x: Tensor, up_proj: List[Tensor], down_proj: List[Tensor], activation: str) -> Tensor:
    wide = (self).activate((self).linear(x, up_proj[0], torch.slice(up_proj, 1)), activation)
    return (self).linear(wide, down_proj[0], torch.slice(down_proj, 1))

  # x (B, T, E) -> (B, T, E): down(activation(gate(x)) * up(x))
  def gated_mlp_block(self: __torch__.Kernels, x: Tensor, gate_proj: List[Tensor], up_proj: List[Tensor], down_proj: List[Tensor], activation: str) -> Tensor:
    gate = (self).activate((self).linear(x, gate_proj[0], torch.slice(gate_proj, 1)), activation)
    wide = torch.mul(gate, (self).linear(x, up_proj[0], torch.slice(up_proj, 1)))
    return (self).linear(wide, down_proj[0], torch.slice(down_proj, 1))

  # Measures of the residual addition after = before + update, each (B, T, E); norms in float32.
  # wanted, in any order: 0 ratio, 1 cosine, 2 input norm, 3 update norm, 4 output norm -> (M, B, T) float32
  def measures(self: __torch__.Kernels, before: Tensor, update: Tensor, after: Tensor, wanted: List[int]) -> Tensor:
    columns = annotate(List[Tensor], [])
    update_norm = torch.linalg_vector_norm(update, 2, [-1], False, dtype=6)
    output_norm = torch.linalg_vector_norm(after, 2, [-1], False, dtype=6)
    for i in range(len(wanted)):
      measure = wanted[i]
      if measure == 0:
        column = torch.div(update_norm, output_norm)
      elif measure == 1:
        column = torch.cosine_similarity(torch.to(before, 6), torch.to(after, 6), -1, 1e-08)
      elif measure == 2:
        column = torch.linalg_vector_norm(before, 2, [-1], False, dtype=6)
      elif measure == 3:
        column = update_norm
      else:
        column = output_norm
      _0 = torch.append(columns, column)
    return torch.stack(columns, 0)

  # hidden (N, E), head (V, E), targets (N) -> (N) float32, -log softmax(hidden head^T)[target]; rows logits at a time
  def surprisal(self: __torch__.Kernels, hidden: Tensor, head: Tensor, targets: Tensor, rows: int) -> Tensor:
    parts = annotate(List[Tensor], [])
    chunks = torch.split(hidden, rows, 0)
    wanted = torch.split(targets, rows, 0)
    for i in range(len(chunks)):
      logits = torch.to(torch.linear(chunks[i], head, None), 6)
      _0 = torch.append(parts, torch.cross_entropy_loss(logits, wanted[i], None, 0))
    return torch.cat(parts, 0)

  # a copy of x in a dtype, by torch's number
  def cast(self: __torch__.Kernels, x: Tensor, target: int) -> Tensor:
    return torch.to(x, target, False, True)
