
  # activation(x weight^T + bias): x (N, I), weight (O, I) and rest [] or [bias (O)], or both as pack gives them -> (N, O)
  def linear(self: __torch__.Kernels, x: Tensor, weight: Tensor, rest: List[Tensor], activation: str) -> Tensor:
    if weight.is_mkldnn and x.dtype == 6:
      y = (self).float32_linear(x, weight, rest, activation)
    elif weight.is_mkldnn:
      y = (self).onednn_linear(x, weight, rest, activation)
    else:
      y = (self).activate((self).product(x, weight, (self).optional(rest)), activation)
    return y

  # linear of a weight that onednn_pack laid out
  def onednn_linear(self: __torch__.Kernels, x: Tensor, weight: Tensor, rest: List[Tensor], activation: str) -> Tensor:
    bias = (self).optional(rest)
    none = annotate(List[Optional[number]], [])
    if activation == "relu":
      y = ops.mkldnn._linear_pointwise(x, weight, bias, "relu", none, "")
    elif activation == "silu":
      y = ops.mkldnn._linear_pointwise(x, weight, bias, "swish", none, "")
    elif activation == "gelu":
      y = ops.mkldnn._linear_pointwise(x, weight, bias, "gelu", none, "none")
    elif activation == "gelu_tanh":
      y = ops.mkldnn._linear_pointwise(x, weight, bias, "gelu", none, "tanh")
    else:
      y = (self).activate(ops.mkldnn._linear_pointwise(x, weight, bias, "none", none, ""), activation)
    return y

  def onednn_pack(self: __torch__.Kernels, weight: Tensor, rows: int) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(weight, rows)

  # weight (O, I) laid out for products with about so many rows of x, which only linear reads: what it takes as weight, and then what
  # goes before the bias
  def pack(self: __torch__.Kernels, weight: Tensor, rows: int) -> List[Tensor]:
    if weight.dtype == 6:
      packed = (self).float32_pack(weight, rows)
    else:
      packed = [(self).onednn_pack(weight, rows)]
    return packed

  # whether products of bfloat16 are faster than those of float32: oneDNN's are where the processor has units for them
  def has_products_of_bfloat16(self: __torch__.Kernels) -> bool:
    return (self).multiplies_bfloat16

