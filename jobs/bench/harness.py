"""What the benchmarks of this directory share: running Radial and a peer on the same cores, and keeping what was measured.

Standard library only.
"""
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).resolve().parent / 'results'
WORK = ROOT / 'jobs' / 'target' / 'bench'  # what a benchmark makes on its way; any of it may be deleted
SAMPLES = ROOT / 'data-samples'
LARGEST_ORDER = 10  # of blocks that Linux keeps free: 4 MiB


def on_cores(cores):
    """What a child process does before it starts: it keeps to so many cores, or to those of a slice, where the system can bind it."""
    chosen = cores if isinstance(cores, slice) else slice(cores)

    def bind():
        if hasattr(os, 'sched_setaffinity'):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[chosen])
    return bind


def run(command, cores, env=None):
    """Runs a command; returns its last line of stdout as JSON, its seconds, how many cores it kept busy, and its peak resident
    memory in bytes."""
    start = time.perf_counter()
    with tempfile.TemporaryFile('w+') as out, tempfile.TemporaryFile('w+') as err:
        process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=err, cwd=ROOT,
                                   env={**os.environ, **(env or {})}, preexec_fn=on_cores(cores))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        out.seek(0)
        err.seek(0)
        lines = out.read().strip().splitlines()
        if process.returncode != 0 or not lines:
            sys.exit(f'{" ".join(map(str, command))}\nended with status {process.returncode}:\n{err.read()[-4000:]}')
    unit = 1 if sys.platform == 'darwin' else 1024  # of ru_maxrss
    return json.loads(lines[-1]), seconds, (usage.ru_utime + usage.ru_stime) / seconds, usage.ru_maxrss * unit


def build():
    """Does what the first run of a build does, so that none that is measured pays for it: builds when sources are newer than the
    jar, unpacks native libraries, keeps the JVM's classes ready."""
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([ROOT / 'radial', 'profile', '--model', SAMPLES / 'opt-pico', '--corpus', SAMPLES / 'corpus', '--limit-docs', '1',
                        '--out', out], check=True, stdout=subprocess.DEVNULL)


def settings(cores, directory, **more):
    """A file of Spark settings for RADIAL_CONF: the local ones, and so many tasks at a time."""
    file = Path(directory) / 'spark.conf'
    local = (ROOT / 'conf' / 'local' / 'radial-spark.conf').read_text()
    lines = {'spark.master': f'local[{cores}]', **more}
    file.write_text(local + ''.join(f'\n{key} {value}' for key, value in lines.items()) + '\n')
    return file


def profile(model, corpus, out, conf, cores, *options, env=None):
    """Runs ./radial profile; returns run.json with wall_seconds (JVM start included), cores_busy and bytes_written added."""
    command = [ROOT / 'radial', 'profile', '--model', model, '--corpus', corpus, '--out', out, '--overwrite', '--json', *options]
    result, seconds, busy, _ = run(command, cores, {'RADIAL_CONF': str(conf), **(env or {})})
    result['options'].update({'model': Path(model).name, 'corpus': Path(corpus).name, 'out': Path(out).name})
    result['wall_seconds'] = seconds
    result['cores_busy'] = busy
    result['bytes_written'] = sum(f.stat().st_size for f in (Path(out) / 'token_ratios').rglob('part.parquet'))
    return result


def claimed_heap(size):
    """Environment for a run whose heap of a size, such as 512m, is all claimed at the start, and its bytes: more is beside it."""
    return {'RADIAL_JAVA_OPTS': f'-Xms{size} -XX:+AlwaysPreTouch'}, int(size[:-1]) * {'g': 2**30, 'm': 2**20}[size[-1].lower()]


def sample_corpus():
    """The documents of data-samples in one file."""
    file = WORK / 'data-samples.jsonl'
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b''.join(f.read_bytes() for f in sorted((SAMPLES / 'corpus').glob('*.jsonl'))))
    return file


def shape_model(shape, models, python):
    """A model of a known shape with random weights, made by an interpreter with transformers when it is missing."""
    model = Path(models) / shape
    if not (model / 'tokenizer.json').exists():  # written last
        say(f'making {model}')
        model.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([python, Path(__file__).with_name('shape_model.py'), model, '--like', shape], check=True,
                       stdout=subprocess.DEVNULL)
    return model


def machine():
    """What the figures were measured on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path('/proc/cpuinfo')
    if cpuinfo.exists():
        names = [line.split(':', 1)[1].strip() for line in cpuinfo.read_text().splitlines() if line.startswith('model name')]
        model = names[0] if names else model
    commit = subprocess.run(['git', 'rev-parse', '--short', 'HEAD'], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    changed = subprocess.run(['git', 'status', '--porcelain', '-uno', '--', '.', f':!{RESULTS.relative_to(ROOT)}'],
                             cwd=ROOT, capture_output=True, text=True).stdout
    load = os.getloadavg()[0] if hasattr(os, 'getloadavg') else None
    return {'processor': model, 'cores_present': os.cpu_count(), 'system': platform.platform(terse=True), 'commit': commit + (' with changes' if changed else ''),
            'day': time.strftime('%Y-%m-%d'), 'load_before': load, 'keeps_memory': keeps_memory()}


def keeps_memory():
    """Whether a virtual machine that could give free memory back to its host was told not to: new pages then cost what they cost elsewhere."""
    order = Path('/sys/module/page_reporting/parameters/page_reporting_order')
    return order.exists() and int(order.read_text()) > LARGEST_ORDER


def described(where):
    """The machine in a sentence."""
    return (f'{where["day"]}, commit {where["commit"]}, {where["processor"]}, {where["cores_present"]} cores present, '
            f'{where["system"]}, load {where["load_before"]:.1f} before the first run'
            + (', free page reporting off.' if where.get('keeps_memory') else '.'))


def table(header, rows):
    """A Markdown table; numbers to the right."""
    right = [all(not isinstance(row[i], str) or row[i].lstrip('-')[:1].isdigit() or not row[i] for row in rows) and header[i] for i in range(len(header))]
    lines = [header, ['---:' if r else '---' for r in right], *rows]
    return '\n'.join('| ' + ' | '.join(str(cell) for cell in line) + ' |' for line in lines)


def keep_json(name, result):
    """Writes a result as JSON, whole or so far."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f'{name}.json').write_text(json.dumps(result, indent=1) + '\n')


def keep(name, result, page):
    """Writes a result as JSON and as a page, and prints the page."""
    keep_json(name, result)
    (RESULTS / f'{name}.md').write_text(page)
    print(page)


def say(text):
    """Tells what is being done."""
    print(text, file=sys.stderr, flush=True)
