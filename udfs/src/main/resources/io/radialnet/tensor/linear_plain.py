
  # activation(x weight^T + bias): x (N, I), weight (O, I), bias [] or [(O)] -> (N, O)
  def linear(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: List[Tensor], activation: str) -> Tensor:
    return (self).activate((self).product(x, weight, (self).optional(bias)), activation)

  # not as fast as float32, without oneDNN
  def has_products_of_bfloat16(self: __torch__.Kernels) -> bool:
    return False
