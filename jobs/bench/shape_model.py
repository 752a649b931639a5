"""Writes a Hugging Face model directory of any shape with random weights, for speed and memory work (not for quality).

    python shape_model.py OUT --like opt-125m|opt-1.3b|opt-6.7b|smollm2-135m|llama-1b|pythia-160m|vit-base [--dtype float32|bfloat16|float16]
                          [--layers N] [--tokenizer DIR] [--shard-size 500MB]

The tokenizer files of --tokenizer (default: data-samples/opt-nano) are copied in, so that text can be fed.
Sharded by --shard-size. opt-6.7b in float16 (13 GB) is the largest that a 24 GiB machine can write; it is for layer streaming.
"""
import argparse, os, shutil, torch, transformers as t

SHAPES = {
    'opt-125m': lambda: t.OPTConfig(hidden_size=768, num_hidden_layers=12, ffn_dim=3072, num_attention_heads=12, word_embed_proj_dim=768),
    'opt-1.3b': lambda: t.OPTConfig(hidden_size=2048, num_hidden_layers=24, ffn_dim=8192, num_attention_heads=32, word_embed_proj_dim=2048),
    'opt-6.7b': lambda: t.OPTConfig(hidden_size=4096, num_hidden_layers=32, ffn_dim=16384, num_attention_heads=32, word_embed_proj_dim=4096),
    'smollm2-135m': lambda: t.LlamaConfig(vocab_size=49152, hidden_size=576, num_hidden_layers=30, intermediate_size=1536, num_attention_heads=9, num_key_value_heads=3, tie_word_embeddings=True, max_position_embeddings=2048),
    'llama-1b': lambda: t.LlamaConfig(vocab_size=32000, hidden_size=2048, num_hidden_layers=16, intermediate_size=8192, num_attention_heads=32, num_key_value_heads=8, max_position_embeddings=2048),
    'pythia-160m': lambda: t.GPTNeoXConfig(vocab_size=50304, hidden_size=768, num_hidden_layers=12, intermediate_size=3072, num_attention_heads=12),
    'vit-base': lambda: t.ViTConfig(num_labels=1000),
}
ap = argparse.ArgumentParser()
ap.add_argument('out'); ap.add_argument('--like', required=True, choices=SHAPES); ap.add_argument('--dtype', default='float32')
ap.add_argument('--layers', type=int, default=0); ap.add_argument('--shard-size', default='500MB')
here = os.path.dirname(os.path.abspath(__file__))
ap.add_argument('--tokenizer', default=os.path.join(here, '..', '..', 'data-samples', 'opt-nano'))
a = ap.parse_args()
config = SHAPES[a.like]()
if a.layers: config.num_hidden_layers = a.layers
torch.manual_seed(0); torch.set_default_dtype(getattr(torch, a.dtype))
cls = t.ViTForImageClassification if a.like.startswith('vit') else t.AutoModelForCausalLM
model = cls._from_config(config) if hasattr(cls, '_from_config') else cls.from_config(config)
model.save_pretrained(a.out, max_shard_size=a.shard_size)
if a.like.startswith('vit'): t.ViTImageProcessor().save_pretrained(a.out)
else:
    for f in ('tokenizer.json', 'tokenizer_config.json'): shutil.copy(os.path.join(a.tokenizer, f), a.out)
print(a.out, sum(p.numel() for p in model.parameters()), 'parameters')
