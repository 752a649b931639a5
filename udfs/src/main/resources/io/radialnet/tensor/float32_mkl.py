  # float32 by MKL. The packed weight does not tell its O, so the bias has to be there. torch asks for the rows that a weight is packed
  # for and, where there are others, for the plain weight to multiply by; MKL's packed weights serve any rows, so it is told that
  # these are the ones, and sees no plain weight.
  def float32_linear(self: __torch__.Kernels, x: Tensor, weight: Tensor, rest: List[Tensor], activation: str) -> Tensor:
    if len(rest) == 0:
      ops.prim.RaiseException("a float32 weight packed by MKL needs a bias")
      y = x
    else:
      bias = rest[0]
      like_plain = torch.expand(torch.unsqueeze(bias, 1), [-1, torch.size(x, -1)])
      y = (self).activate(ops.mkl._mkl_linear(x, weight, like_plain, bias, torch.size(x, 0)), activation)
    return y

  def float32_pack(self: __torch__.Kernels, weight: Tensor, rows: int) -> List[Tensor]:
    return [ops.mkl._mkl_reorder_linear_weight(weight, rows)]

