-- What do residual ratios vary with?
-- The share (0 to 1) of their variance that goes with the layer, the token's type, its position, its
-- document, and with none of these (rest). A large share for the layer speaks for leaving out fixed
-- layers, one for token or rest for deciding token by token.
CREATE OR REPLACE VIEW what_do_ratios_vary_with AS
SELECT v.model, v.run_id, v.block, v.component, v.share, v.variance
FROM ratio_variance v
JOIN latest_run r ON r.run_id = v.run_id;
