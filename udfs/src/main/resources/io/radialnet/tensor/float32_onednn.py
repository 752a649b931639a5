  # float32 by oneDNN, as the other types are
  def float32_linear(self: __torch__.Kernels, x: Tensor, weight: Tensor, rest: List[Tensor], activation: str) -> Tensor:
    return (self).onednn_linear(x, weight, rest, activation)

  def float32_pack(self: __torch__.Kernels, weight: Tensor, rows: int) -> List[Tensor]:
    return [(self).onednn_pack(weight, rows)]

