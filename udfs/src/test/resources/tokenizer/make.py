"""Writes the tokenizer directories but opt-nano, and what transformers makes of some texts with them.

python make.py (transformers 5.23.0), in this directory. The vocabularies are trained on data-samples.
"""

import json
import os

from tokenizers import BertWordPieceTokenizer, ByteLevelBPETokenizer, SentencePieceUnigramTokenizer
from transformers import AutoTokenizer, BertTokenizerFast, GPT2TokenizerFast, RobertaTokenizerFast

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "../../../../../data-samples/corpus")

EXTRA = [  # besides the corpus, so that the vocabularies have some of it
    "crème brûlée, naïve café, Ångström, São Paulo",
    "日本語の文、漢字と仮名。中文字符",
    "Привет, мир! Γειά σου",
    "👍🏽 🙂 100 €",
] * 20

TEXTS = [
    "a",
    " a",
    "The quick red tram stopped.",
    "two  spaces and\ttabs\nnewlines\r\n\n",
    "   leading and trailing   ",
    "UPPER lower MiXeD",
    "crème brûlée",
    "cre\u0300me bru\u0302le\u0301e, decomposed",
    "Ångström İstanbul ẞ ß ǆ",
    "naïve café — “quotes”… and – dashes",
    "日本語の文",
    "mixed漢字and latin字",
    "中文字符,标点。!",
    "カタカナ ひらがな 한국어 조선말",
    "Привет, мир!",
    "שלום مرحبا",
    "👍🏽 🙂 👨‍👩‍👧‍👦 🇫🇷",
    "emoji🙂inside",
    "don't can't I'll we've she's",
    "3.14159 1,000,000 1e-5 0x1F",
    "user@example.org https://example.org/a?b=c&d=e#f",
    "snake_case camelCase kebab-case",
    "C++ && || != <= >= => -> ## ### ##ing",
    "qzxjkvwpy zzzzzz",
    "a" * 100,
    "a" * 101,
    "word " + "x" * 150 + " word",
    "control\u0000char\u0007and\u200bzero\u200dwidth\ufeffbom\ufffd",
    "no-break\u00a0space\u3000ideographic\u2028separator\u2009thin",
    "soft\u00adhyphen",
    "x² ½ ﬁ ﬂ Ⅷ ①",
    "[CLS] spelled out [SEP] and [MASK] [PAD] [UNK]",
    "[cls] lower [Mask]",
    "glued[MASK]together",
    "<s> spelled </s> out <pad> <unk> <mask>",
    "before <mask> after<mask>",
    "<|endoftext|> and <|endoftext|>",
    "<extra> <Extra> un<extra>split",
    "[ CLS ] [CLS",
    "##a ##",
    "!?.,;:'\"()[]{}<>@#$%^&*+=~`|\\/",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟙𝟚𝟛",
    "ą́ ǟ ṩ",
    "",
]


def corpus():
    texts = list(EXTRA)
    for name in sorted(os.listdir(CORPUS)):
        with open(os.path.join(CORPUS, name), encoding="utf-8") as lines:
            texts += [json.loads(line)["text"] for line in lines]
    return texts


def write(directory, name, content):
    os.makedirs(os.path.join(HERE, directory), exist_ok=True)
    with open(os.path.join(HERE, directory, name), "w", encoding="utf-8") as out:
        out.write(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False))


def token(content, **flags):
    return {"__type": "AddedToken", "content": content, "lstrip": False, "normalized": True,
            "rstrip": False, "single_word": False, **flags}


def expect(directory, tokenizer):
    special = set(tokenizer.all_special_ids)
    a = tokenizer("a", add_special_tokens=False)["input_ids"]
    around = tokenizer("a")["input_ids"]
    at = next(i for i in range(len(around)) if around[i:i + len(a)] == a)
    before, after = around[:at], around[at + len(a):]
    cases = []
    for text in TEXTS:
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        assert tokenizer(text)["input_ids"] == before + ids + after
        mask = tokenizer.get_special_tokens_mask(ids, already_has_special_tokens=True)
        assert mask == [int(i in special) for i in ids]
        cases.append({"text": text, "ids": ids, "special": mask, "tokens": tokenizer.convert_ids_to_tokens(ids)})
    write(directory, "expected.json", json.dumps(
        {"class": type(tokenizer).__name__, "largest": max(tokenizer.get_vocab().values()), "before": before,
         "after": after, "cases": cases}, separators=(",", ":")).replace('{"text"', '\n{"text"'))


def wordpiece(lowercase):
    trainer = BertWordPieceTokenizer(lowercase=lowercase, strip_accents=lowercase)
    trainer.train_from_iterator(corpus(), vocab_size=1500, min_frequency=2, show_progress=False)
    vocab = sorted(trainer.get_vocab().items(), key=lambda item: item[1])
    return "".join(name + "\n" for name, _ in vocab)


def bpe(specials):
    trainer = ByteLevelBPETokenizer()
    trainer.train_from_iterator(corpus(), vocab_size=500, special_tokens=specials, show_progress=False)
    model = json.loads(trainer.to_str())["model"]
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    return model["vocab"], "#version: 0.2\n" + "".join(merge + "\n" for merge in merges)


# BERT: uncased with the official repository's sparse configuration, cased, and every option turned.
uncased = wordpiece(True)
write("bert-uncased", "vocab.txt", uncased)
write("bert-uncased", "tokenizer_config.json", {"do_lower_case": True, "model_max_length": 512})
write("bert-uncased", "config.json", {"model_type": "bert"})
expect("bert-uncased", AutoTokenizer.from_pretrained(os.path.join(HERE, "bert-uncased")))

write("bert-cased", "vocab.txt", wordpiece(False))
write("bert-cased", "tokenizer_config.json", {
    "do_lower_case": False, "strip_accents": None, "tokenize_chinese_chars": True, "never_split": None,
    "tokenizer_class": "BertTokenizer", "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]",
    "cls_token": "[CLS]", "mask_token": "[MASK]"})
write("bert-cased", "special_tokens_map.json", {
    "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]",
    "mask_token": "[MASK]"})
expect("bert-cased", BertTokenizerFast.from_pretrained(os.path.join(HERE, "bert-cased")))

write("bert-options", "vocab.txt", uncased.rstrip("\n").replace("[CLS]", "<s>").replace("[SEP]", "</s>"))
write("bert-options", "tokenizer_config.json", {
    "do_lower_case": True, "strip_accents": False, "tokenize_chinese_chars": False,
    "never_split": ["don't"], "tokenizer_class": "DistilBertTokenizerFast", "cls_token": "<s>",
    "sep_token": token("</s>")})
write("bert-options", "special_tokens_map.json", {"mask_token": {
    "content": "[MASK]", "lstrip": True, "normalized": False, "rstrip": True, "single_word": False},
    "additional_special_tokens": ["<|endoftext|>"]})
write("bert-options", "added_tokens.json", {"<extra>": 1500, "glued": 1501})
expect("bert-options", BertTokenizerFast.from_pretrained(os.path.join(HERE, "bert-options")))

# GPT-2: as its official repository, without special tokens around a text; and with every option.
vocab, merges = bpe([])
vocab["<|endoftext|>"] = len(vocab)
write("gpt2", "vocab.json", vocab)
write("gpt2", "merges.txt", merges)
write("gpt2", "tokenizer_config.json", {"model_max_length": 1024})
write("gpt2", "config.json", {"model_type": "gpt2"})
expect("gpt2", AutoTokenizer.from_pretrained(os.path.join(HERE, "gpt2")))

write("gpt2-options", "vocab.json", vocab)
write("gpt2-options", "merges.txt", merges)
write("gpt2-options", "tokenizer_config.json", {
    "add_prefix_space": True, "add_bos_token": True, "add_eos_token": True, "tokenizer_class": "GPT2TokenizerFast",
    "bos_token": "<s>", "pad_token": "<pad>", "added_tokens_decoder": {
        str(len(vocab) - 1): {"content": "<|endoftext|>", "lstrip": False, "normalized": True, "rstrip": False,
                "single_word": False, "special": True},
        str(len(vocab)): {"content": "<s>", "lstrip": False, "normalized": False, "rstrip": False,
                "single_word": False, "special": True},
        str(len(vocab) + 1): {"content": "<extra>", "lstrip": False, "normalized": True, "rstrip": False,
                "single_word": False, "special": False}}})
expect("gpt2-options", GPT2TokenizerFast.from_pretrained(os.path.join(HERE, "gpt2-options")))

# OPT: the same class, with </s> in front of every text.
vocab, merges = bpe(["<s>", "<pad>", "</s>", "<unk>"])
write("opt", "vocab.json", vocab)
write("opt", "merges.txt", merges)
write("opt", "tokenizer_config.json", {
    "errors": "replace", "unk_token": token("</s>"), "bos_token": token("</s>"), "eos_token": token("</s>"),
    "pad_token": token("<pad>"), "add_prefix_space": False, "add_bos_token": True,
    "tokenizer_class": "GPT2Tokenizer"})
plain = {"lstrip": False, "normalized": True, "rstrip": False, "single_word": False}
write("opt", "special_tokens_map.json", {
    "bos_token": {"content": "</s>", **plain}, "eos_token": {"content": "</s>", **plain},
    "unk_token": {"content": "</s>", **plain}, "pad_token": {"content": "<pad>", **plain}})
write("opt", "config.json", {"model_type": "opt"})
expect("opt", AutoTokenizer.from_pretrained(os.path.join(HERE, "opt")))

# RoBERTa: <s> and </s> around a text; <mask> takes the space before it and is not in the vocabulary.
write("roberta", "vocab.json", vocab)
write("roberta", "merges.txt", merges)
write("roberta", "tokenizer_config.json", {"model_max_length": 512})
write("roberta", "special_tokens_map.json", {
    "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "</s>", "pad_token": "<pad>",
    "cls_token": "<s>", "mask_token": {"content": "<mask>", **plain, "lstrip": True, "normalized": False}})
write("roberta", "config.json", {"model_type": "roberta"})
expect("roberta", AutoTokenizer.from_pretrained(os.path.join(HERE, "roberta")))

# A Unigram model, as sentencepiece models are converted: a vocabulary that is a list of scores.
unigram = SentencePieceUnigramTokenizer()
unigram.train_from_iterator(corpus(), vocab_size=1500, special_tokens=["<unk>", "</s>"], unk_token="<unk>",
                            show_progress=False)
unigram.add_special_tokens(["<extra>"])
os.makedirs(os.path.join(HERE, "unigram"), exist_ok=True)
unigram.save(os.path.join(HERE, "unigram", "tokenizer.json"), pretty=False)
write("unigram", "tokenizer_config.json", {"unk_token": "<unk>", "eos_token": "</s>",
      "tokenizer_class": "PreTrainedTokenizerFast", "additional_special_tokens": ["<extra>"]})
expect("unigram", AutoTokenizer.from_pretrained(os.path.join(HERE, "unigram")))
