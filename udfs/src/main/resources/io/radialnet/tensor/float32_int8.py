
  # float32 by tiles of int8, the scheme of Ozaki, Ogita, Oishi and Rump. A row of x is its unit times numbers of three digits of base 254, each
  # from -127 to 127, of which the first counts ones; so is a row of the weight. Products of digits are exact. Of the nine the six that count
  # 1 / 254^2 and more are summed, the smallest first.
  # x (N, I), weight (O, I) the first digits, rest [second digits, third digits (O, I), units (O), zeros (O)] and the bias (O) if there is one
  def float32_linear(self: __torch__.Kernels, x: Tensor, weight: Tensor, rest: List[Tensor], activation: str) -> Tensor:
    digits = (self).digits(x)
    second, third = rest[0], rest[1]
    none = annotate(List[Optional[number]], [])
    y = ops.onednn.qlinear_pointwise(digits[0], (self).place_value(2), 0, third, rest[2], rest[3], annotate(Optional[Tensor], None), 1., 0, 6, "none", none, "")
    y1 = (self).add_product(y, digits[1], second, 2, rest)
    y2 = (self).add_product(y1, digits[2], weight, 2, rest)
    y3 = (self).add_product(y2, digits[0], second, 1, rest)
    y4 = (self).add_product(y3, digits[1], weight, 1, rest)
    y5 = (self).add_product(y4, digits[0], weight, 0, rest)
    slices = (self).slices(y5)
    units = torch.split(digits[3], torch.size(slices[0], 0), 0)
    for i in range(len(slices)):
      if len(rest) > 4:
        scaled = torch.addcmul(rest[4], slices[i], units[i], out=slices[i])
      else:
        scaled = torch.mul_(slices[i], units[i])
      _0 = (self).activate(scaled, activation)
    return y5

  # What a product of digits counts that are so many places behind the first in all
  def place_value(self: __torch__.Kernels, places: int) -> float:
    return torch.pow(254., torch.neg(places))

  # y (N, O) + digit weight^T, in place
  def add_product(self: __torch__.Kernels, y: Tensor, digit: Tensor, weight: Tensor, places: int, rest: List[Tensor]) -> Tensor:
    none = annotate(List[Optional[number]], [])
    return ops.onednn.qlinear_pointwise(digit, (self).place_value(places), 0, weight, rest[2], rest[3], y, annotate(Optional[Tensor], None), 1., 0, 6, 1., 0, "sum", 1., "none", none, "")

  # x (N, I) -> its three digits, each (N, I) int8, and units (N, 1) float32, the largest number of a row being 127 of them
  def digits(self: __torch__.Kernels, x: Tensor) -> List[Tensor]:
    first = torch.empty(torch.size(x), dtype=1)
    second = torch.empty(torch.size(x), dtype=1)
    third = torch.empty(torch.size(x), dtype=1)
    largest = torch.empty([torch.size(x, 0), 1], dtype=6)
    slices = (self).slices(x)
    rows = torch.size(slices[0], 0)
    firsts = torch.split(first, rows, 0)
    seconds = torch.split(second, rows, 0)
    thirds = torch.split(third, rows, 0)
    largests = torch.split(largest, rows, 0)
    room = (self).room(slices)
    other_room = (self).room(slices)
    for i in range(len(slices)):
      some = slices[i]
      most = torch.maximum(torch.amax(some, [1], True), torch.neg(torch.amin(some, [1], True)), out=largests[i])
      units = torch.mul_(torch.reciprocal(torch.clamp_min_(most, 1e-30)), 127.)
      left = torch.mul(some, units, out=(self).place(room, some))
      digit = torch.round(left, out=(self).place(other_room, some))
      _0 = torch.copy_(firsts[i], digit)
      left1 = torch.mul_(torch.sub_(left, digit, alpha=1), 254.)
      digit1 = torch.round(left1, out=digit)
      _1 = torch.copy_(seconds[i], digit1)
      left2 = torch.mul_(torch.sub_(left1, digit1, alpha=1), 254.)
      _2 = torch.copy_(thirds[i], torch.round_(left2))
    return [first, second, third, torch.mul_(largest, 0.007874015748031496)]

  def float32_pack(self: __torch__.Kernels, weight: Tensor, rows: int) -> List[Tensor]:
    digits = (self).digits(weight)
    shape = [rows, torch.size(weight, 1)]
    zeros = torch.zeros([torch.size(weight, 0)], dtype=4)
    first = ops.onednn.qlinear_prepack(digits[0], shape)
    second = ops.onednn.qlinear_prepack(digits[1], shape)
    third = ops.onednn.qlinear_prepack(digits[2], shape)
    return [first, second, third, torch.squeeze(digits[3], 1), zeros]
