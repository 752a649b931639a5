
  # activation(x weight^T + bias): x (N, I), weight (O, I), bias [] or [(O)] -> (N, O)
  def linear(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: List[Tensor], activation: str) -> Tensor:
    if len(bias) > 0:
      y = torch.linear(x, weight, bias[0])
    else:
      y = torch.linear(x, weight, None)
    return (self).activate(y, activation)
