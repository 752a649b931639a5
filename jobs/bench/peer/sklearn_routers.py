"""Fits the routers of a directory of examples with scikit-learn: the peer of ./radial fit-routers.

    python sklearn_routers.py --examples DIR --hidden 16 --iterations 50 --regularization 0.0001 [--routers 24]

One router after the other, all cores for each; weights as sample_weight for the logistic regression, and by resampling for the
perceptron. Prints one JSON object: seconds and peak memory, and for each router and learner the weighted AUC on the split test.
"""
import argparse
import json
import time
import warnings
from pathlib import Path

import numpy as np
import pyarrow.dataset as ds
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--examples', type=Path, required=True)
    parser.add_argument('--hidden', type=int, required=True)
    parser.add_argument('--iterations', type=int, required=True)
    parser.add_argument('--regularization', type=float, required=True)
    parser.add_argument('--routers', type=int)
    args = parser.parse_args()
    warnings.simplefilter('ignore', ConvergenceWarning)  # so many iterations and no more
    manifest = json.loads((args.examples / 'examples.json').read_text())
    start = time.perf_counter()
    rows = ds.dataset(args.examples / 'router_examples', partitioning='hive').to_table()
    names = [(layer, block) for layer in range(manifest['layers']) for block in ('attn', 'mlp')][:args.routers]
    seconds = {'read': time.perf_counter() - start, 'logistic': 0.0, 'mlp': 0.0, 'score': 0.0}
    aucs, train_rows = [], 0
    for layer, block in names:
        start = time.perf_counter()
        x, y, w, split = examples(rows, layer, block)
        train, test = split == 'train', split == 'test'
        scaler = StandardScaler().fit(x[train])
        x_train, x_test = scaler.transform(x[train]), scaler.transform(x[test])
        y_train, w_train = y[train], w[train]
        train_rows += len(y_train)
        seconds['read'] += time.perf_counter() - start
        found = {'layer': layer, 'block': block}
        for learner, fit in (('logistic', logistic), ('mlp', mlp)):
            start = time.perf_counter()
            model = fit(x_train, y_train, w_train, args)
            seconds[learner] += time.perf_counter() - start
            start = time.perf_counter()
            found[learner] = roc_auc_score(y[test], model.predict_proba(x_test)[:, 1], sample_weight=w[test])
            seconds['score'] += time.perf_counter() - start
        aucs.append(found)
    print(json.dumps({'seconds': seconds, 'routers': len(names), 'examples': manifest['examples'], 'train_examples': train_rows, 'auc': aucs}))


def examples(rows, layer, block):
    """One router's features (n, in), labels, weights and splits."""
    table = rows.filter((ds.field('layer') == layer) & (ds.field('block') == block))
    columns = [matrix(table['projection']), column(table['log_norm']), matrix(table['previous_ratios']),
               np.log1p(column(table['position'])), column(table['log_frequency'])]
    x = np.hstack([c for c in columns if c.shape[1]]).astype(np.float64)
    return x, table['label'].to_numpy(), table['weight'].to_numpy(), np.array(table['split'].to_pylist())


def column(values):
    return values.to_numpy()[:, None]


def matrix(values):
    values = values.combine_chunks()
    return values.flatten().to_numpy().reshape(len(values), -1) if len(values.flatten()) else np.empty((len(values), 0))


def logistic(x, y, w, args):
    # MLlib's penalty is against the mean loss, scikit-learn's against the sum.
    return LogisticRegression(C=1 / (args.regularization * w.sum()), max_iter=args.iterations).fit(x, y, sample_weight=w)


def mlp(x, y, w, args):
    expected = w * len(w) / w.sum()
    repetitions = np.floor(expected + np.random.default_rng(1).random(len(w))).astype(int)
    rows = np.repeat(np.arange(len(w)), repetitions)
    model = MLPClassifier((args.hidden,), activation='logistic', solver='lbfgs', alpha=0, max_iter=args.iterations, random_state=1)
    return model.fit(x[rows], y[rows])


if __name__ == '__main__':
    main()
